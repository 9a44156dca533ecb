// Keeps progress in a learning system that speaks cmi5 (xAPI). What is told when: docs/deliveries.md.
"use strict";

(function () {
  const Kyozai = window.Kyozai;
  const launch = new URLSearchParams(window.location.search);
  const endpoint = (launch.get("endpoint") || "").replace(/\/?$/, "/");
  const VERBS = {
    initialized: "http://adlnet.gov/expapi/verbs/initialized",
    answered: "http://adlnet.gov/expapi/verbs/answered",
    completed: "http://adlnet.gov/expapi/verbs/completed",
    passed: "http://adlnet.gov/expapi/verbs/passed",
    failed: "http://adlnet.gov/expapi/verbs/failed",
    terminated: "http://adlnet.gov/expapi/verbs/terminated",
  };
  const CATEGORIES = "https://w3id.org/xapi/cmi5/context/categories/";
  const STATE = "kyozai";
  const isOneModule = launch.has("module");
  const RETRY = 4000;
  const began = Date.now();
  let headers = null;
  let data = null;
  let isEnded = false;
  const told = { completed: false, passed: false };
  const waiting = [];
  let isSending = false;

  // Talking ------------------------------------------------------------------------------------------

  function call(path, values, options) {
    const url = endpoint + path + (values ? `?${new URLSearchParams(values)}` : "");
    return fetch(url, { ...options, headers: { ...headers, ...(options && options.headers) } });
  }

  function about(stateId) {
    const values = { activityId: launch.get("activityId"), agent: launch.get("actor"), stateId };
    return { ...values, registration: launch.get("registration") };
  }

  async function read(path, values, missing) {
    const answer = await call(path, values);
    if (answer.status === 404) {
      return missing;
    }
    if (!answer.ok) {
      throw new Error(`${path} answers ${answer.status}`);
    }
    return (answer.headers.get("Content-Type") || "").includes("json") ? answer.json() : answer.text();
  }

  // Statements go one after the other, each until it has arrived.
  function send(statement) {
    waiting.push(statement);
    next();
  }

  async function next() {
    if (isSending || !waiting.length) {
      return;
    }
    isSending = true;
    try {
      const answer = await post([waiting[0]], {});
      if (answer.ok || answer.status === 409) {
        waiting.shift();
      }
      isSending = false;
      if (answer.ok || answer.status === 409) {
        next();
      } else {
        setTimeout(next, RETRY);
      }
    } catch (lost) {
      isSending = false;
      setTimeout(next, RETRY);
    }
  }

  function post(statements, options) {
    const json = { "Content-Type": "application/json" };
    return call("statements", null, { ...options, method: "POST", headers: json, body: JSON.stringify(statements) });
  }

  // Statements ---------------------------------------------------------------------------------------

  // `categories`: those of what cmi5 itself defines; an allowed statement, as an answer, has none.
  function statement(verb, categories, more) {
    const context = JSON.parse(JSON.stringify(data.contextTemplate || {}));
    const activities = context.contextActivities || {};
    const category = (activities.category || []).concat(categories.map((name) => ({ id: CATEGORIES + name })));
    return {
      id: newId(),
      timestamp: new Date().toISOString(),
      actor: JSON.parse(launch.get("actor")),
      verb: { id: VERBS[verb], display: { en: verb } },
      object: { objectType: "Activity", id: launch.get("activityId") },
      ...more,
      context: {
        ...context,
        registration: launch.get("registration"),
        contextActivities: category.length ? { ...activities, category } : activities,
        ...(more && more.context),
      },
    };
  }

  // crypto.randomUUID is there on secure pages only.
  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  function duration(seconds) {
    return `PT${Math.max(0, seconds)}S`;
  }

  function session() {
    return duration((Date.now() - began) / 1000);
  }

  function answered(event) {
    const name = (_, id) => id;
    const pattern = (given) => Kyozai.interactions.pattern(event, given, ["[,]", "[.]"], name);
    const base = statement("answered", [], {});
    send({
      ...base,
      object: {
        objectType: "Activity",
        id: `${launch.get("activityId")}#${event.question}`,
        definition: {
          type: "http://adlnet.gov/expapi/activities/cmi.interaction",
          interactionType: Kyozai.interactions.TYPES[event.type],
          correctResponsesPattern: [pattern(event.key)],
        },
      },
      result: { response: pattern(event.given), success: event.right, duration: duration(event.seconds) },
    });
  }

  // Passed once in a registration; nothing is failed after it. Of a unit that is the whole course, a module that
  // is passed tells nothing until all are.
  function finished(event) {
    const isPassed = event.kind === "module-passed" && (isOneModule || event.course.done === event.course.of);
    if (data.launchMode !== "Normal" || told.passed || (event.kind === "module-passed" && !isPassed)) {
      return;
    }
    const score = isOneModule ? event.score : share(event.course);
    const mastery = data.masteryScore;
    const fits = mastery === undefined || (isPassed ? score.scaled >= mastery : score.scaled < mastery);
    const result = { success: isPassed, duration: duration(event.seconds), ...(fits ? { score } : {}) };
    const extensions = mastery === undefined ? {} : { context: masteryContext(mastery) };
    send(statement(isPassed ? "passed" : "failed", ["cmi5", "moveon"], { result, ...extensions }));
    told.passed = isPassed;
    if (isPassed && !told.completed) {
      told.completed = true;
      const done = { completion: true, duration: duration(event.seconds) };
      send(statement("completed", ["cmi5", "moveon"], { result: done }));
    }
  }

  function share(course) {
    return { scaled: course.done / course.of, raw: course.done, min: 0, max: course.of };
  }

  function masteryContext(mastery) {
    const extensions = (data.contextTemplate || {}).extensions || {};
    return { extensions: { ...extensions, "https://w3id.org/xapi/cmi5/context/extensions/masteryscore": mastery } };
  }

  // Beginning and end --------------------------------------------------------------------------------

  async function begin() {
    const token = await fetch(launch.get("fetch"), { method: "POST" });
    const { "auth-token": secret } = await token.json();
    headers = { Authorization: `Basic ${secret}`, "X-Experience-API-Version": "1.0.3" };
    data = await read("activities/state", about("LMS.LaunchData"), null);
    const whose = { agent: launch.get("actor"), profileId: "cmi5LearnerPreferences" };
    const preferences = await read("agents/profile", whose, {});
    const kept = await read("activities/state", about(STATE), null);
    send(statement("initialized", ["cmi5"], {}));
    if (kept) {
      told.passed = kept.told.passed;
      told.completed = kept.told.completed;
    }
    const actor = JSON.parse(launch.get("actor"));
    const wanted = (preferences.languagePreference || "").split(",")[0].trim().toLowerCase();
    const language = wanted.startsWith("en") ? "en" : null;
    return { state: kept && kept.state, learner: actor.name || null, language, failed: null };
  }

  function keep(text, options) {
    const json = { "Content-Type": "application/json" };
    const body = JSON.stringify({ state: text, told });
    return call("activities/state", about(STATE), { ...options, method: "PUT", headers: json, body });
  }

  Kyozai.store = {
    open(done) {
      begin().then(done, () => done({ state: null, learner: null, language: null, failed: "system" }));
    },
    save(text, done) {
      if (!data) {
        done(null);
        return;
      }
      keep(text, {}).then((answer) => done(answer.ok ? null : "system"), () => done("system"));
    },
    report(event) {
      if (!data) {
        return;
      }
      if (event.kind === "answered") {
        answered(event);
      } else if (event.kind === "module-passed" || event.kind === "module-failed") {
        finished(event);
      }
    },
    // What is on its way when a page goes is sent once more, in its order, with the end of the session: a system
    // knows a statement by its id.
    close(progress, text) {
      if (!data || isEnded) {
        return;
      }
      isEnded = true;
      const last = { keepalive: true };
      keep(text, last);
      post(waiting.concat(statement("terminated", ["cmi5"], { result: { duration: session() } })), last);
    },
  };
})();
