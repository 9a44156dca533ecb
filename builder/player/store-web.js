// Keeps progress in the browser. Where the browser keeps nothing, the pages say so and offer a file.
"use strict";

(function () {
  const Kyozai = window.Kyozai;
  const key = "kyozai " + Kyozai.course.id;

  function kept() {
    try {
      window.localStorage.setItem(key + " test", "1");
      window.localStorage.removeItem(key + " test");
      return { failed: null, state: window.localStorage.getItem(key) };
    } catch (refused) {
      return { failed: "storage", state: null };
    }
  }

  Kyozai.store = {
    open(done) {
      done({ ...kept(), learner: null, language: null });
    },
    save(text, done) {
      try {
        window.localStorage.setItem(key, text);
        done(null);
      } catch (refused) {
        done(null); // said once, before the first answer: trying again would help nothing
      }
    },
    report() {},
    close(progress, text) {
      this.save(text, () => {});
    },
  };
})();
