// Holds the session: the learner's state, where it is kept, and the page that is shown. Pages ask it by messages,
// for from a file share no page may look into another.
"use strict";

(function () {
  const Kyozai = window.Kyozai;
  const course = narrowed(Kyozai.course);
  const RETRY = 4000;
  let state = Kyozai.state.fresh(course, null);
  let opened = { state: null, learner: null, language: null, failed: null };
  const saving = { wanted: false, busy: false, failed: null, timer: null };
  const attempts = {};
  const began = Date.now();

  // The whole course, or the one module that the address names: all that this session is about.
  function narrowed(whole) {
    const module = new URLSearchParams(window.location.search).get("module");
    const modules = whole.modules.filter((each) => each.id === module);
    return modules.length ? { ...whole, modules } : whole;
  }

  function inner() {
    return document.getElementById("page");
  }

  // Saving ------------------------------------------------------------------------------------------

  function save() {
    saving.wanted = true;
    if (!saving.busy) {
      send();
    }
  }

  // What cannot be kept now is tried again until it is; only the newest state counts.
  function send() {
    saving.wanted = false;
    saving.busy = true;
    clearTimeout(saving.timer);
    Kyozai.store.save(Kyozai.state.pack(course, state), (failed) => {
      saving.busy = false;
      saving.failed = failed;
      if (failed) {
        saving.timer = setTimeout(send, RETRY);
      } else if (saving.wanted) {
        send();
      }
      tell({ kind: "saved", failed, at: Date.now() });
    });
  }

  function progress() {
    return { done: Kyozai.state.completed(course, state), of: course.modules.length, failed: Kyozai.state.hasFailed(course, state) };
  }

  // Messages ----------------------------------------------------------------------------------------

  function tell(message) {
    const target = inner().contentWindow;
    if (target) {
      target.postMessage({ kyozai: 1, ...message }, "*");
    }
  }

  const asked = {
    shown(message) {
      if (message.title) {
        document.title = message.title;
      }
      state.language = message.language || state.language;
      document.documentElement.lang = message.language || document.documentElement.lang;
      if (message.section) {
        Kyozai.state.read(state, message.module, message.section);
      }
      save();
      view();
    },
    begin(message) {
      Kyozai.state.begin(course, state, message.module);
      attempts[message.module] = { number: (attempts[message.module] || { number: 0 }).number + 1, began: Date.now() };
      report();
      save();
      view();
    },
    answer(message) {
      const module = Kyozai.state.find(course, message.module);
      const question = module.questions[message.question];
      const result = Kyozai.state.answer(course, state, message.module, message.question, message.right, seconds());
      Kyozai.store.report({
        kind: "answered", module: message.module, version: module.version, objective: question.objective, question: message.question,
        type: question.type, given: message.given, key: message.key, choices: message.choices, targets: message.targets,
        right: message.right, seconds: message.seconds,
      });
      if (result) {
        finished(module, result);
      }
      report();
      save();
      view();
    },
    progressFile() {
      tell({ kind: "progressFile", text: Kyozai.state.pack(course, state) });
    },
    takeProgress(message) {
      const taken = Kyozai.state.unpack(course, message.text);
      if (taken) {
        state = taken;
        report();
        save();
      }
      tell({ kind: "tookProgress", taken: taken !== null });
      view();
    },
  };

  function finished(module, result) {
    Kyozai.store.report({
      kind: result.passed ? "module-passed" : "module-failed", module: module.id, version: module.version,
      score: { scaled: result.right.length / result.of, raw: result.right.length, min: 0, max: result.of }, course: progress(),
      seconds: Math.round((Date.now() - (attempts[module.id] || { began }).began) / 1000),
    });
  }

  function report() {
    Kyozai.store.report({ kind: "progress", ...progress(), place: state.place });
  }

  function seconds() {
    return Math.floor(Date.now() / 1000);
  }

  // What a page shows of the learner.
  function view() {
    const modules = {};
    course.modules.forEach((module) => {
      const kept = state.modules[module.id];
      const attempt = kept.attempt;
      modules[module.id] = {
        state: Kyozai.state.stateOf(module, kept), passed: kept.passed, read: kept.read, isUnderWay: Kyozai.state.isUnderWay(kept),
        missed: Object.keys(kept.tries).length && !kept.passed ? module.objectives.map((each) => each.id).filter((id) => !kept.kept.includes(id)) : [],
        attempt: attempt && {
          asked: attempt.asked, answers: attempt.answers, kept: attempt.kept, current: Kyozai.state.current(attempt),
          right: Kyozai.state.rightObjectives(attempt), passed: Kyozai.quiz.isPassed(module, Kyozai.state.rightObjectives(attempt)),
        },
      };
    });
    tell({
      kind: "view", course: { id: course.id, release: course.release }, modules, place: state.place, seed: state.seed,
      done: Kyozai.state.completed(course, state), learner: opened.learner, keepsNothing: opened.failed, failed: saving.failed,
    });
  }

  function hear(event) {
    const message = event.data;
    if (event.source === inner().contentWindow && message && message.kyozai === 1 && asked[message.ask]) {
      asked[message.ask](message);
    }
  }

  // Beginning and end -------------------------------------------------------------------------------

  function start(found) {
    opened = found;
    state = Kyozai.state.unpack(course, found.state) || Kyozai.state.fresh(course, null);
    const language = state.language || found.language || "ja";
    state.language = course.pages.includes(language) ? language : course.pages[0];
    window.addEventListener("message", hear);
    Kyozai.store.report({ kind: "initialized" });
    report();
    inner().src = startPage(state.language);
    inner().hidden = false;
    document.getElementById("loading").hidden = true;
  }

  function startPage(language) {
    const isOne = course.modules.length < Kyozai.course.modules.length;
    return isOne ? `${language}/modules/${course.modules[0].id}/index.html` : `${language}/index.html`;
  }

  function leave() {
    Kyozai.store.close(progress(), Kyozai.state.pack(course, state), Math.round((Date.now() - began) / 1000));
  }

  window.addEventListener("pagehide", leave);
  window.addEventListener("online", () => saving.failed && send());
  Kyozai.store.open(start);
})();
