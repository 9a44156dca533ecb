// What is kept of a learner, what may be done to it, and its packed form: a short text, keyed by ids.
//
// Packed: 1|course|release|language|seed|place|module;module;… with a module as
// key/version/passed/tries/kept/answers/read. Keys are short digests of ids, which the course's data gives.
// What the course no longer has is left out when a state is read: nothing is ever found by its position.
"use strict";

(function () {
  const Kyozai = window.Kyozai;
  const FORMAT = "1";

  // `course`: see builder/deliveries/data.py.
  function fresh(course, language) {
    const modules = {};
    course.modules.forEach((module) => {
      modules[module.id] = empty(module);
    });
    return { course: course.id, release: course.release, language, seed: newSeed(), place: null, modules };
  }

  function newSeed() {
    return Math.floor(Math.random() * 36 * 36);
  }

  function empty(module) {
    return { version: module.version, passed: null, tries: {}, kept: [], attempt: null, read: [] };
  }

  // Operations -------------------------------------------------------------------------------------

  // Go on with the attempt under way, or begin one. A retry asks only the missed objectives.
  function begin(course, state, moduleId) {
    const module = find(course, moduleId);
    const kept = state.modules[moduleId];
    if (isUnderWay(kept)) {
      return kept.attempt;
    }
    const asked = Kyozai.quiz.toAsk(module, kept.kept, kept.tries, state.seed);
    const all = asked.length ? asked : Kyozai.quiz.toAsk(module, [], kept.tries, state.seed);
    all.forEach((each) => {
      kept.tries[each.objective] = (kept.tries[each.objective] || 0) + 1;
    });
    kept.attempt = { asked: all, answers: {}, kept: asked.length ? kept.kept.slice() : [] };
    return kept.attempt;
  }

  function isUnderWay(kept) {
    return kept.attempt !== null && current(kept.attempt) !== null;
  }

  // The question to be answered next; null when all are.
  function current(attempt) {
    const open = attempt.asked.find((each) => !(each.question in attempt.answers));
    return open ? open.question : null;
  }

  // Returns null, or what came of the attempt when this was its last answer. A confirmed answer is final.
  function answer(course, state, moduleId, questionId, right, at) {
    const kept = state.modules[moduleId];
    if (kept.attempt === null || current(kept.attempt) !== questionId) {
      return null;
    }
    kept.attempt.answers[questionId] = right;
    return current(kept.attempt) === null ? finish(find(course, moduleId), kept, at) : null;
  }

  function finish(module, kept, at) {
    const right = rightObjectives(kept.attempt);
    const passed = Kyozai.quiz.isPassed(module, right);
    kept.kept = passed ? [] : right;
    if (passed) {
      kept.passed = { version: module.version, at };
      kept.version = module.version;
    }
    return { passed, right, of: module.objectives.length };
  }

  function rightObjectives(attempt) {
    const now = attempt.asked.filter((each) => attempt.answers[each.question]).map((each) => each.objective);
    return Array.from(new Set(attempt.kept.concat(now)));
  }

  function read(state, moduleId, sectionId) {
    state.place = { module: moduleId, section: sectionId };
    const kept = state.modules[moduleId];
    if (kept && !kept.read.includes(sectionId)) {
      kept.read.push(sectionId);
    }
  }

  // Asked again only after a major change of the module.
  function isComplete(module, kept) {
    return kept.passed !== null && Kyozai.quiz.major(kept.passed.version) >= Kyozai.quiz.major(module.version);
  }

  // "complete", "update-due", "in-progress" or "not-started".
  function stateOf(module, kept) {
    if (isComplete(module, kept)) {
      return "complete";
    }
    if (kept.passed !== null) {
      return "update-due";
    }
    const begun = kept.attempt !== null || kept.read.length || Object.keys(kept.tries).length;
    return begun ? "in-progress" : "not-started";
  }

  function completed(course, state) {
    return course.modules.filter((module) => isComplete(module, state.modules[module.id])).length;
  }

  // Whether the newest attempt of any module that is not complete was failed, and none is under way.
  function hasFailed(course, state) {
    const open = course.modules.filter((module) => !isComplete(module, state.modules[module.id]));
    const kept = (module) => state.modules[module.id];
    return (
      !open.some((module) => isUnderWay(kept(module))) &&
      open.some((module) => Object.keys(kept(module).tries).length > 0)
    );
  }

  function find(course, moduleId) {
    return course.modules.find((module) => module.id === moduleId);
  }

  // Packing ----------------------------------------------------------------------------------------

  function pack(course, state) {
    const modules = course.modules.map((module) => packModule(module, state.modules[module.id])).filter(Boolean);
    const head = [FORMAT, state.course, course.release, state.language || "", state.seed.toString(36)];
    return head.concat([packPlace(course, state.place), modules.join(";")]).join("|");
  }

  function packPlace(course, place) {
    if (place === null) {
      return "";
    }
    const module = find(course, place.module);
    return module ? module.key + (module.sections[place.section] || "") : "";
  }

  function packModule(module, kept) {
    if (stateOf(module, kept) === "not-started") {
      return "";
    }
    const tries = module.objectives.filter((objective) => kept.tries[objective.id]);
    const answers = isUnderWay(kept) ? kept.attempt.asked : [];
    return [
      module.key,
      kept.version,
      kept.passed ? kept.passed.version + "@" + kept.passed.at.toString(36) : "",
      tries.map((objective) => objective.key + (kept.tries[objective.id] % 36).toString(36)).join(""),
      (isUnderWay(kept) ? kept.attempt.kept : kept.kept).map((id) => keyOf(module.objectives, id)).join(""),
      answers.map((each) => module.questions[each.question].key + markOf(kept.attempt.answers[each.question])).join(""),
      kept.read.map((id) => module.sections[id]).filter(Boolean).join(""),
    ].join("/");
  }

  function markOf(right) {
    return right === undefined ? "." : right ? "+" : "-";
  }

  function keyOf(list, id) {
    const found = list.find((each) => each.id === id);
    return found ? found.key : "";
  }

  // Unreadable text, or one of another course, gives null: the learner begins anew.
  function unpack(course, text) {
    const parts = (text || "").split("|");
    if (parts.length !== 7 || parts[0] !== FORMAT || parts[1] !== course.id) {
      return null;
    }
    const state = fresh(course, parts[3] || null);
    state.seed = parseInt(parts[4], 36) || 0;
    parts[6].split(";").filter(Boolean).forEach((packed) => {
      const fields = packed.split("/");
      const module = course.modules.find((each) => each.key === fields[0]);
      if (module && fields.length === 7) {
        state.modules[module.id] = unpackModule(module, fields);
      }
    });
    state.place = unpackPlace(course, parts[5]);
    return state;
  }

  function unpackPlace(course, text) {
    const module = course.modules.find((each) => each.key === text.slice(0, 4));
    const section = module && Object.keys(module.sections).find((id) => module.sections[id] === text.slice(4));
    return module && section ? { module: module.id, section } : null;
  }

  function unpackModule(module, fields) {
    const kept = empty(module);
    const [version, at] = fields[2].split("@");
    kept.passed = fields[2] ? { version, at: parseInt(at, 36) } : null;
    chunks(fields[6], 4).forEach((key) => {
      const id = Object.keys(module.sections).find((each) => module.sections[each] === key);
      if (id) {
        kept.read.push(id);
      }
    });
    // After a major change what was answered before counts no more; the completion itself stays.
    if (Kyozai.quiz.major(fields[1]) !== Kyozai.quiz.major(module.version)) {
      return kept;
    }
    chunks(fields[3], 5).forEach((chunk) => {
      const objective = module.objectives.find((each) => each.key === chunk.slice(0, 4));
      if (objective) {
        kept.tries[objective.id] = parseInt(chunk.slice(4), 36);
      }
    });
    kept.kept = chunks(fields[4], 4).map((key) => module.objectives.find((each) => each.key === key)).filter(Boolean).map((each) => each.id);
    kept.attempt = unpackAttempt(module, kept, chunks(fields[5], 5));
    return kept;
  }

  // Of a question that is gone its objective is asked by another one.
  function unpackAttempt(module, kept, answers) {
    if (!answers.length) {
      return null;
    }
    const attempt = { asked: [], answers: {}, kept: kept.kept.slice() };
    answers.forEach((chunk) => {
      const question = Object.keys(module.questions).find((id) => module.questions[id].key === chunk.slice(0, 4));
      if (question) {
        attempt.asked.push({ objective: module.questions[question].objective, question });
        if (chunk[4] !== ".") {
          attempt.answers[question] = chunk[4] === "+";
        }
      }
    });
    const asked = attempt.asked.map((each) => each.objective).concat(attempt.kept);
    return { ...attempt, asked: attempt.asked.concat(Kyozai.quiz.toAsk(module, asked, kept.tries, 0)) };
  }

  function chunks(text, size) {
    return text ? text.match(new RegExp(`.{${size}}`, "g")) || [] : [];
  }

  Kyozai.state = {
    fresh, begin, current, answer, read, isComplete, isUnderWay, stateOf, completed, hasFailed, rightObjectives, pack, unpack, find,
  };
})();
