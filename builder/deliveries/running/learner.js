// Answers every question that is asked: all of them right, or all of them wrong.
"use strict";

// `questions`: module → question → what its page knows of it.
function answersEverything(questions, right) {
  Run.ask({ ask: "shown", title: "", language: "ja" });
  Object.keys(Run.view.modules).forEach((module) => {
    Run.ask({ ask: "begin", module });
    let current = Run.view.modules[module].attempt.current;
    while (current !== null) {
      const { type, key, choices, targets, ...question } = questions[module][current];
      const given = right ? key : wrongly({ type, key, choices, targets });
      const isRight = Kyozai.quiz.isRight({ type, key }, given);
      Run.ask({ ask: "answer", module, question: question.id, given, key, right: isRight, choices, targets, seconds: 1 });
      current = Run.view.modules[module].attempt.current;
    }
  });
}

function wrongly(question) {
  const found = candidates(question).find((given) => !Kyozai.quiz.isRight(question, given));
  if (found === undefined) {
    throw new Error("every answer is right");
  }
  return found;
}

function candidates({ type, key, choices, targets }) {
  switch (type) {
    case "multiple":
      return choices.map((choice) => [choice]).concat([choices.slice().sort()]);
    case "ordering":
      return [key.slice().reverse()];
    case "matching":
      return targets.map((target) => Object.fromEntries(choices.map((choice) => [choice, target])));
    default:
      return choices;
  }
}
