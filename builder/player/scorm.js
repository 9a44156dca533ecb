// What both forms of SCORM have in common: how a course finds the system that launched it.
"use strict";

(function () {
  const Kyozai = window.Kyozai;
  const STEPS = 10;

  // Up from here, then from the window that opened this one; a few steps each. Null where there is none.
  function find(name) {
    return above(window, name) || (window.opener && above(window.opener, name));
  }

  function above(start, name) {
    let here = start;
    for (let step = 0; step < STEPS; step += 1) {
      try {
        if (here[name]) {
          return here[name];
        }
      } catch (otherOrigin) {
        return null;
      }
      if (here.parent === here) {
        return null;
      }
      here = here.parent;
    }
    return null;
  }

  Kyozai.scorm = { find };
})();
