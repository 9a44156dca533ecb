// On every page of a delivery: asks the frame for the learner's state and shows it; asks and marks questions.
"use strict";

(function () {
  const Kyozai = window.Kyozai;
  const page = document.body.dataset;
  const isFramed = window.parent !== window;
  let seen = null;
  let shownAt = Date.now();

  function ask(message) {
    if (isFramed) {
      window.parent.postMessage({ kyozai: 1, ...message }, "*");
    }
  }

  function all(selector, root) {
    return Array.from((root || document).querySelectorAll(selector));
  }

  function show(element, isShown) {
    if (element) {
      element.hidden = !isShown;
    }
  }

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  // Every page --------------------------------------------------------------------------------------

  function showView(view) {
    seen = view;
    show(document.getElementById("keeps-nothing"), Boolean(view.keepsNothing));
    showSaving(view.failed);
    const painted = { home, module, quiz, completions }[page.page];
    const isElsewhere = page.module && page.module !== "introduction" && !(page.module in view.modules);
    show(document.getElementById("elsewhere"), Boolean(isElsewhere));
    if (painted && !isElsewhere) {
      painted(view);
    }
  }

  function showSaving(failed) {
    show(document.getElementById("not-saved"), Boolean(failed));
  }

  function stateTag(element, value) {
    element.dataset.state = value;
    element.textContent = document.getElementById("words").dataset[camel(value)];
  }

  function camel(value) {
    return value.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  }

  // Home --------------------------------------------------------------------------------------------

  function home(view) {
    const total = Object.keys(view.modules).length;
    all("[data-module]").forEach((line) => show(line, line.dataset.module in view.modules));
    all("[data-module]:not([hidden])").forEach((line) => {
      const known = view.modules[line.dataset.module];
      line.dataset.state = known.state;
      all(".state", line).forEach((tag) => stateTag(tag, known.state));
      all("[data-open]", line).forEach((each) => show(each, known.state !== "complete"));
    });
    all(".progress-bar > li").forEach((bar) => {
      show(bar, bar.dataset.of in view.modules);
      bar.dataset.state = (view.modules[bar.dataset.of] || {}).state;
    });
    all("[data-done]").forEach((each) => {
      each.textContent = fill(each.dataset.done, { done: view.done, of: total });
    });
    showNext(view);
    show(document.getElementById("all-done"), view.done === total);
    show(document.getElementById("standing"), true);
  }

  // The one next step: a quiz under way, one that was failed, the lesson left off, or the first module that is open.
  function showNext(view) {
    const open = all("[data-module]:not([hidden])").filter((line) => view.modules[line.dataset.module].state !== "complete");
    const under = open.find((line) => view.modules[line.dataset.module].isUnderWay);
    const failed = open.find((line) => view.modules[line.dataset.module].missed.length);
    const placed = view.place && open.find((line) => line.dataset.module === view.place.module);
    const line = under || failed || placed || open[0];
    const next = document.getElementById("next-step");
    show(next, Boolean(line));
    if (line) {
      const folder = `modules/${line.dataset.module}/`;
      const kind = under ? "quiz" : failed ? "retry" : placed ? "place" : "begin";
      const target = { quiz: "quiz.html", retry: "quiz.html", place: view.place && `${view.place.section}.html`, begin: "index.html" }[kind];
      next.href = folder + target;
      next.textContent = fill(next.dataset[kind], { title: line.dataset.title });
    }
  }

  // Module ------------------------------------------------------------------------------------------

  function module(view) {
    const known = view.modules[page.module];
    all(".state").forEach((tag) => stateTag(tag, known.state));
    show(document.getElementById("passed"), known.passed !== null && known.state === "complete");
    show(document.getElementById("asked-again"), known.state === "update-due");
    all("[data-passed]").forEach((each) => {
      each.textContent = known.passed ? fill(each.dataset.passed, { moment: moment(known.passed.at), version: known.passed.version }) : "";
    });
    all("[data-section]").forEach((each) => show(each, known.read.includes(each.dataset.section)));
    const go = document.getElementById("to-quiz");
    go.textContent = known.isUnderWay ? go.dataset.under : known.missed.length || known.state === "complete" ? go.dataset.again : go.dataset.first;
    const lesson = document.getElementById("to-lesson");
    const place = view.place && view.place.module === page.module ? view.place.section : null;
    if (place) {
      lesson.href = `${place}.html`;
      lesson.textContent = lesson.dataset.place;
    }
  }

  function moment(at) {
    return new Intl.DateTimeFormat(page.language, { dateStyle: "long", timeStyle: "short" }).format(new Date(at * 1000));
  }

  // Quiz --------------------------------------------------------------------------------------------

  const questions = {};
  let given = null; // handed to the frame, which has not said yet that it is kept
  let explaining = false;

  function quiz(view) {
    const known = view.modules[page.module];
    if (given && known.attempt && given.question.id in known.attempt.answers) {
      explain(known.attempt);
    } else if (given || explaining) {
      return;
    } else if (known.isUnderWay && quiz.begun) {
      showQuestion(known.attempt);
    } else if (quiz.begun && known.attempt) {
      showResult(known.attempt);
    } else {
      showBeginning(known);
    }
  }
  quiz.begun = false;

  function showOnly(id) {
    all("[data-part]").forEach((part) => show(part, part.id === id));
    shownAt = Date.now();
  }

  function showBeginning(known) {
    const button = document.getElementById("begin");
    button.disabled = false; // until now a press would have been lost
    button.textContent = known.isUnderWay ? button.dataset.under : button.dataset.first;
    all("[data-missed]").forEach((each) => show(each, known.missed.includes(each.dataset.missed)));
    show(document.getElementById("missed"), !known.isUnderWay && known.missed.length > 0 && known.missed.length < all("[data-missed]").length);
    showOnly("beginning");
  }

  function begin() {
    quiz.begun = true;
    ask({ ask: "begin", module: page.module });
  }

  function template(id) {
    return document.getElementById(id).content.cloneNode(true);
  }

  function counted(attempt, question) {
    const number = attempt.asked.findIndex((each) => each.question === question) + 1;
    return { number, total: attempt.asked.length };
  }

  function showQuestion(attempt) {
    const question = attempt.current;
    const place = document.getElementById("question-place");
    place.replaceChildren(template(`ask-${question}`));
    shuffle(place, questions[question], `${seen.seed} ${question}`);
    all("[data-count]", document.getElementById("asking")).forEach((each) => {
      each.textContent = fill(each.dataset.count, counted(attempt, question));
    });
    showProblem(null);
    showOnly("asking");
    if (Kyozai.enhanceOrdering) {
      Kyozai.enhanceOrdering(place);
    }
    document.querySelector("#asking h1").focus();
  }

  // The same order for the same learner and question; what is pinned keeps its place.
  function shuffle(place, question, seed) {
    const items = all(".question__choices > *, .ordering > li, .matching > li", place);
    const free = items.filter((_, index) => !question.pinned.includes(question.choices[index]));
    const parent = free.length ? free[0].parentNode : null;
    const marks = free.map((item) => ({ item, rank: hash(`${seed} ${items.indexOf(item)}`) }));
    const order = marks.slice().sort((a, b) => a.rank - b.rank).map((each) => each.item);
    const places = items.map((item) => (free.includes(item) ? order.shift() : item));
    places.forEach((item) => parent && parent.append(item));
  }

  function hash(text) {
    let value = 2166136261;
    for (let index = 0; index < text.length; index += 1) {
      value = Math.imul(value ^ text.charCodeAt(index), 16777619) >>> 0;
    }
    return value;
  }

  function formOf(element) {
    const form = {};
    new FormData(element).forEach((value, name) => {
      form[name] = (form[name] || []).concat(value);
    });
    return form;
  }

  function submit(event) {
    event.preventDefault();
    if (given) {
      return;
    }
    const question = questions[seen.modules[page.module].attempt.current];
    const parsed = Kyozai.quiz.parse(question, formOf(event.target));
    if (parsed.reason) {
      showProblem(parsed.reason);
      return;
    }
    given = { question, answer: parsed.given, right: Kyozai.quiz.isRight(question, parsed.given) };
    ask({
      ask: "answer", module: page.module, question: question.id, given: given.answer, key: question.key, right: given.right,
      choices: question.choices, targets: question.targets, seconds: Math.round((Date.now() - shownAt) / 1000),
    });
  }

  function showProblem(reason) {
    const summary = document.getElementById("problem");
    show(summary, reason !== null);
    if (reason !== null) {
      const link = summary.querySelector("a");
      link.textContent = summary.dataset[reason];
      link.href = `#question-${seen.modules[page.module].attempt.current}`;
      summary.focus();
    }
  }

  function explain(attempt) {
    const { question, answer, right } = given;
    given = null;
    explaining = true;
    const place = document.getElementById("explanation-place");
    place.replaceChildren(template(`explain-${question.id}`));
    Kyozai.marks.show(place, question, answer, document.getElementById("given-mark"));
    const part = document.getElementById("explaining");
    const heading = part.querySelector("h1");
    heading.textContent = right ? heading.dataset.right : heading.dataset.wrong;
    const result = part.querySelector(".result");
    result.classList.toggle("result--right", right);
    result.classList.toggle("result--wrong", !right);
    all("[data-count]", part).forEach((each) => {
      each.textContent = fill(each.dataset.count, counted(attempt, question.id));
    });
    const next = document.getElementById("go-on");
    const isLast = counted(attempt, question.id).number === attempt.asked.length;
    next.textContent = isLast ? next.dataset.last : next.dataset.next;
    showOnly("explaining");
    heading.focus();
  }

  function goOn() {
    explaining = false;
    quiz(seen);
  }

  function showResult(attempt) {
    const part = document.getElementById("result");
    const heading = part.querySelector("h1");
    heading.textContent = attempt.passed ? heading.dataset.passed : heading.dataset.failed;
    part.querySelector(".result").className = `result ${attempt.passed ? "result--right result--passed" : "result--again"}`;
    all("[data-right]", part).forEach((each) => {
      each.textContent = fill(each.dataset.right, { right: attempt.right.length });
    });
    all("[data-objective]", part).forEach((each) => {
      const right = attempt.right.includes(each.dataset.objective);
      const tag = each.querySelector(".state");
      tag.dataset.state = right ? "complete" : "in-progress";
      tag.textContent = right ? tag.dataset.right : attempt.passed ? tag.dataset.wrong : tag.dataset.again;
      show(each.querySelector("[data-kept]"), attempt.kept.includes(each.dataset.objective));
    });
    show(document.getElementById("passed-next"), attempt.passed);
    show(document.getElementById("failed-next"), !attempt.passed);
    showOnly("result");
    heading.focus();
  }

  // Completions -------------------------------------------------------------------------------------

  function completions(view) {
    all("[data-completion]").forEach((row) => {
      const passed = (view.modules[row.dataset.completion] || { passed: null }).passed;
      show(row, passed !== null);
      if (passed) {
        row.querySelector("[data-moment]").textContent = moment(passed.at);
        row.querySelector("[data-version]").textContent = passed.version;
      }
    });
    show(document.getElementById("no-completions"), !Object.values(view.modules).some((each) => each.passed));
    show(document.getElementById("completion-table"), Object.values(view.modules).some((each) => each.passed));
    all("[data-learner]").forEach((each) => {
      show(each, Boolean(view.learner));
      each.querySelector("dd").textContent = view.learner || "";
    });
  }

  function evidence() {
    const modules = Object.keys(seen.modules).filter((id) => seen.modules[id].passed);
    return {
      course: seen.course.id, release: seen.course.release, learner: seen.learner,
      completions: modules.map((id) => ({ module: id, version: seen.modules[id].passed.version, at: new Date(seen.modules[id].passed.at * 1000).toISOString() })),
    };
  }

  function saveFile(name, type, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function takeFile(event) {
    const [file] = event.target.files;
    if (file) {
      file.text().then((text) => ask({ ask: "takeProgress", text: text.trim() }));
    }
  }

  // Beginning ---------------------------------------------------------------------------------------

  const heard = {
    view: showView,
    saved: (message) => showSaving(message.failed),
    progressFile: (message) => saveFile(`${seen.course.id}-progress.txt`, "text/plain", message.text),
    tookProgress: (message) => {
      const said = document.getElementById("took");
      said.textContent = message.taken ? said.dataset.taken : said.dataset.refused;
    },
  };

  window.addEventListener("message", (event) => {
    const message = event.data;
    if (event.source === window.parent && message && message.kyozai === 1 && heard[message.kind]) {
      heard[message.kind](message);
    }
  });

  function on(id, event, action) {
    const element = document.getElementById(id);
    if (element) {
      element.addEventListener(event, action);
    }
  }

  on("begin", "click", begin);
  on("retry", "click", begin);
  on("go-on", "click", goOn);
  on("question", "submit", submit);
  on("print", "click", () => window.print());
  on("save-evidence", "click", () => saveFile(`${seen.course.id}-completions.json`, "application/json", JSON.stringify(evidence(), null, 2)));
  on("save-progress", "click", () => ask({ ask: "progressFile" }));
  on("take-progress", "change", takeFile);
  const data = document.getElementById("questions");
  if (data) {
    Object.assign(questions, JSON.parse(data.textContent));
  }
  show(document.getElementById("not-framed"), !isFramed);
  ask({ ask: "shown", title: document.title, language: page.language, module: page.module, section: page.section });
})();
