// Keeps progress in a learning system that speaks SCORM 2004. What is told when: docs/deliveries.md.
"use strict";

(function () {
  const Kyozai = window.Kyozai;
  const began = Date.now();
  let api = null;
  let isOpen = false;
  let count = 0;
  const objectives = {};

  function set(name, value) {
    return api.SetValue(name, String(value)) === "true";
  }

  function tell(progress) {
    const share = progress.done / progress.of;
    const isDone = progress.done === progress.of;
    set("cmi.score.min", 0);
    set("cmi.score.max", 100);
    set("cmi.score.raw", Math.round(100 * share));
    set("cmi.score.scaled", share.toFixed(4));
    set("cmi.progress_measure", share.toFixed(4));
    set("cmi.completion_status", isDone ? "completed" : "incomplete");
    set("cmi.success_status", isDone ? "passed" : progress.failed ? "failed" : "unknown");
  }

  // One for each module, found by its id or made.
  function objectivePath(id) {
    if (!(id in objectives)) {
      objectives[id] = Object.keys(objectives).length;
      set(`cmi.objectives.${objectives[id]}.id`, id);
    }
    return `cmi.objectives.${objectives[id]}`;
  }

  function readObjectives() {
    const known = Number(api.GetValue("cmi.objectives._count")) || 0;
    for (let place = 0; place < known; place += 1) {
      objectives[api.GetValue(`cmi.objectives.${place}.id`)] = place;
    }
  }

  function finished(event) {
    const path = objectivePath(event.module);
    set(`${path}.score.min`, event.score.min);
    set(`${path}.score.max`, event.score.max);
    set(`${path}.score.raw`, event.score.raw);
    set(`${path}.score.scaled`, event.score.scaled.toFixed(4));
    set(`${path}.success_status`, event.kind === "module-passed" ? "passed" : "failed");
    set(`${path}.completion_status`, event.kind === "module-passed" ? "completed" : "incomplete");
  }

  function answered(event) {
    const path = `cmi.interactions.${count}`;
    const name = (_, id) => id;
    const pattern = (given) => Kyozai.interactions.pattern(event, given, ["[,]", "[.]"], name);
    count += 1;
    set(`${path}.id`, `${event.module}_${event.question}`);
    set(`${path}.type`, Kyozai.interactions.TYPES[event.type]);
    set(`${path}.objectives.0.id`, event.module);
    set(`${path}.timestamp`, `${new Date().toISOString().slice(0, 21)}Z`);
    set(`${path}.correct_responses.0.pattern`, pattern(event.key));
    set(`${path}.learner_response`, pattern(event.given));
    set(`${path}.result`, event.right ? "correct" : "incorrect");
    set(`${path}.latency`, `PT${event.seconds}S`);
  }

  Kyozai.store = {
    open(done) {
      api = Kyozai.scorm.find("API_1484_11");
      isOpen = api !== null && api.Initialize("") === "true";
      if (!isOpen) {
        done({ state: null, learner: null, language: null, failed: "system" });
        return;
      }
      count = Number(api.GetValue("cmi.interactions._count")) || 0;
      readObjectives();
      const language = api.GetValue("cmi.learner_preference.language").toLowerCase().startsWith("en") ? "en" : null;
      done({
        state: api.GetValue("cmi.suspend_data"), learner: api.GetValue("cmi.learner_name") || null,
        language, failed: null,
      });
    },
    save(text, done) {
      if (!isOpen) {
        done(null);
        return;
      }
      const isKept = set("cmi.suspend_data", text) && api.Commit("") === "true";
      done(isKept ? null : "system");
    },
    report(event) {
      if (!isOpen) {
        return;
      }
      if (event.kind === "answered") {
        answered(event);
      } else if (event.kind === "progress") {
        tell(event);
        if (event.place) {
          set("cmi.location", `${event.place.module}/${event.place.section}`);
        }
      } else if (event.kind === "module-passed" || event.kind === "module-failed") {
        finished(event);
      }
    },
    close(progress, text) {
      if (!isOpen) {
        return;
      }
      isOpen = false;
      set("cmi.suspend_data", text);
      tell(progress);
      set("cmi.exit", progress.done === progress.of ? "normal" : "suspend");
      set("cmi.session_time", `PT${Math.round((Date.now() - began) / 1000)}S`);
      api.Commit("");
      api.Terminate("");
    },
  };
})();
