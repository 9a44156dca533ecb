// Marks answers, says what an attempt asks, and when it is passed: the rules of the server, for the player.
"use strict";

var Kyozai = window.Kyozai || {};
window.Kyozai = Kyozai;

(function () {
  // `question`: {id, type, choices, targets, key}. `form`: field → values, as a form posts them.
  // Returns {given} or {reason}: "nothing", "incomplete", "repeated", "unknown".
  function parse(question, form) {
    switch (question.type) {
      case "single":
      case "true-false":
        return parseOne(question, form.answer || []);
      case "multiple":
        return parseSet(question, form.answer || []);
      case "ordering":
        return parseOrder(question, form);
      case "matching":
        return parsePairs(question, form);
      default:
        throw new Error("no question type " + question.type);
    }
  }

  function parseOne(question, values) {
    if (!values.length) {
      return { reason: "nothing" };
    }
    return question.choices.includes(values[0]) ? { given: values[0] } : { reason: "unknown" };
  }

  function parseSet(question, values) {
    const chosen = Array.from(new Set(values)).sort();
    if (!chosen.every((choice) => question.choices.includes(choice))) {
      return { reason: "unknown" };
    }
    return chosen.length ? { given: chosen } : { reason: "nothing" };
  }

  // Choice → value, or a reason.
  function byChoice(question, form) {
    const values = {};
    question.choices.forEach((choice) => {
      values[choice] = (form["answer-" + choice] || [])[0] || "";
    });
    const filled = question.choices.filter((choice) => values[choice]);
    if (!filled.length) {
      return { reason: "nothing" };
    }
    return filled.length < question.choices.length ? { reason: "incomplete" } : { values };
  }

  function parseOrder(question, form) {
    const found = byChoice(question, form);
    if (found.reason) {
      return found;
    }
    const places = question.choices.map((_, index) => String(index + 1));
    const positions = question.choices.map((choice) => found.values[choice]);
    if (!positions.every((position) => places.includes(position))) {
      return { reason: "unknown" };
    }
    if (new Set(positions).size < positions.length) {
      return { reason: "repeated" };
    }
    return { given: question.choices.slice().sort((a, b) => found.values[a] - found.values[b]) };
  }

  function parsePairs(question, form) {
    const found = byChoice(question, form);
    if (found.reason) {
      return found;
    }
    const known = question.choices.every((choice) => question.targets.includes(found.values[choice]));
    return known ? { given: found.values } : { reason: "unknown" };
  }

  function isRight(question, given) {
    return canonical(given) === canonical(question.key);
  }

  function canonical(given) {
    if (given === null || typeof given !== "object" || Array.isArray(given)) {
      return JSON.stringify(given);
    }
    return JSON.stringify(Object.keys(given).sort().map((key) => [key, given[key]]));
  }

  // `module`: {objectives: [{id, mustPass, questions: [id]}], pass}. `right`: ids of objectives.
  function isPassed(module, right) {
    const reached = module.objectives.filter((objective) => right.includes(objective.id));
    const must = module.objectives.filter((objective) => objective.mustPass);
    return reached.length >= module.pass && must.every((objective) => right.includes(objective.id));
  }

  // What an attempt asks: the parallel question whose turn it is, of each objective that is not kept.
  function toAsk(module, kept, tries, seed) {
    return module.objectives
      .filter((objective) => !kept.includes(objective.id))
      .map((objective) => {
        const turn = (seed + (tries[objective.id] || 0)) % objective.questions.length;
        return { objective: objective.id, question: objective.questions[turn] };
      });
  }

  function major(version) {
    return Number(version.split(".")[0]);
  }

  Kyozai.quiz = { parse, isRight, isPassed, toAsk, major };
})();
