// Keeps progress in a learning system that speaks SCORM 1.2. What is told when: docs/deliveries.md.
"use strict";

(function () {
  const Kyozai = window.Kyozai;
  const LETTERS = "abcdefghijklmnopqrstuvwxyz";
  const began = Date.now();
  let api = null;
  let isOpen = false;
  let count = 0;

  function set(name, value) {
    return api.LMSSetValue(name, String(value)) === "true";
  }

  function status(progress) {
    if (progress.done === progress.of) {
      return "passed";
    }
    return progress.failed ? "failed" : "incomplete";
  }

  function tell(progress) {
    set("cmi.core.score.min", 0);
    set("cmi.core.score.max", 100);
    set("cmi.core.score.raw", Math.round((100 * progress.done) / progress.of));
    set("cmi.core.lesson_status", status(progress));
  }

  function duration(seconds) {
    const two = (number) => String(number).padStart(2, "0");
    const hours = String(Math.floor(seconds / 3600)).padStart(4, "0");
    return `${hours}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  }

  function answered(event) {
    const name = (place) => LETTERS[place];
    const path = `cmi.interactions.${count}`;
    count += 1;
    set(`${path}.id`, `${event.module}_${event.question}`);
    set(`${path}.objectives.0.id`, `${event.module}_${event.objective}`);
    set(`${path}.time`, new Date().toTimeString().slice(0, 8));
    set(`${path}.type`, Kyozai.interactions.TYPES[event.type]);
    set(`${path}.correct_responses.0.pattern`, pattern(event, event.key, name));
    set(`${path}.student_response`, pattern(event, event.given, name));
    set(`${path}.result`, event.right ? "correct" : "wrong");
    set(`${path}.latency`, duration(event.seconds));
  }

  function pattern(event, given, name) {
    return event.type === "true-false" ? given[0] : Kyozai.interactions.pattern(event, given, [",", "."], name);
  }

  Kyozai.store = {
    open(done) {
      api = Kyozai.scorm.find("API");
      isOpen = api !== null && api.LMSInitialize("") === "true";
      if (!isOpen) {
        done({ state: null, learner: null, language: null, failed: "system" });
        return;
      }
      count = Number(api.LMSGetValue("cmi.interactions._count")) || 0;
      const language = api.LMSGetValue("cmi.student_preference.language").toLowerCase().startsWith("en") ? "en" : null;
      done({
        state: api.LMSGetValue("cmi.suspend_data"), learner: api.LMSGetValue("cmi.core.student_name") || null,
        language, failed: null,
      });
    },
    save(text, done) {
      if (!isOpen) {
        done(null);
        return;
      }
      const isKept = set("cmi.suspend_data", text) && api.LMSCommit("") === "true";
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
      }
    },
    close(progress, text) {
      if (!isOpen) {
        return;
      }
      isOpen = false;
      set("cmi.suspend_data", text);
      tell(progress);
      set("cmi.core.exit", progress.done === progress.of ? "" : "suspend");
      set("cmi.core.session_time", duration(Math.round((Date.now() - began) / 1000)));
      api.LMSCommit("");
      api.LMSFinish("");
    },
  };
})();
