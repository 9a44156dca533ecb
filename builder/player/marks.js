// Marks in an explanation what the learner answered: the template shows the right answer alone.
"use strict";

(function () {
  const Kyozai = window.Kyozai;

  // `mark`: a template element; its [data-said] is filled with the position or the target, where there is one.
  function show(place, question, given, mark) {
    Array.from(place.querySelectorAll("[data-choice]")).forEach((item) => {
      const said = saidOf(question, given, item);
      if (said === null) {
        return;
      }
      const made = mark.content.cloneNode(true);
      const text = made.querySelector("[data-said]");
      text.textContent = said ? text.dataset.said + said : "";
      marksOf(item).prepend(made);
      if (question.type === "ordering" || question.type === "matching") {
        item.classList.toggle("result__choice--right", isRightHere(question, given, item.dataset.choice));
      }
    });
  }

  function marksOf(item) {
    let marks = item.querySelector(".result__marks");
    if (!marks) {
      marks = document.createElement("ul");
      marks.className = "result__marks";
      item.querySelector(".result__text").after(marks);
    }
    return marks;
  }

  // What the learner said of a choice: "" that it was chosen, null nothing.
  function saidOf(question, given, item) {
    const choice = item.dataset.choice;
    switch (question.type) {
      case "ordering":
        return item.dataset.position.replace("{position}", given.indexOf(choice) + 1);
      case "matching":
        return question.targetTexts[given[choice]];
      default:
        return [].concat(given).includes(choice) ? "" : null;
    }
  }

  function isRightHere(question, given, choice) {
    return question.type === "ordering"
      ? given.indexOf(choice) === question.key.indexOf(choice)
      : given[choice] === question.key[choice];
  }

  Kyozai.marks = { show };
})();
