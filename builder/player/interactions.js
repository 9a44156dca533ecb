// Answers in the words of SCORM and xAPI: types and patterns, one table for all systems.
"use strict";

(function () {
  const Kyozai = window.Kyozai;

  const TYPES = { single: "choice", multiple: "choice", "true-false": "true-false", ordering: "sequencing", matching: "matching" };

  // `between`: [between parts, between the two of a pair]. `name`: how a choice or target is called, by its place.
  function pattern(event, given, between, name) {
    const choice = (id) => name(event.choices.indexOf(id), id);
    const target = (id) => name(event.targets.indexOf(id), id);
    switch (event.type) {
      case "true-false":
        return given;
      case "matching":
        return event.choices.map((id) => choice(id) + between[1] + target(given[id])).join(between[0]);
      default:
        return [].concat(given).map(choice).join(between[0]);
    }
  }

  Kyozai.interactions = { TYPES, pattern };
})();
