// The systems that a delivery may find around it, each as small as it can be; and whether they were told
// "complete" or "failed".
"use strict";

const SYSTEMS = {
  web: () => ({
    isFailed: () => Object.values(Run.view.modules).some((module) => module.missed.length),
    isComplete: () => Run.view.done === Object.keys(Run.view.modules).length,
  }),

  "SCORM 1.2": () => {
    const told = {};
    const status = () => told["cmi.core.lesson_status"];
    window.API = scorm(told, ["LMSInitialize", "LMSGetValue", "LMSSetValue", "LMSCommit", "LMSFinish"]);
    return { isFailed: () => status() === "failed", isComplete: () => ["passed", "completed"].includes(status()) };
  },

  "SCORM 2004 4th Edition": () => {
    const told = {};
    window.API_1484_11 = scorm(told, ["Initialize", "GetValue", "SetValue", "Commit", "Terminate"]);
    return {
      isFailed: () => told["cmi.success_status"] === "failed",
      isComplete: () => told["cmi.completion_status"] === "completed" && told["cmi.success_status"] === "passed",
    };
  },

  cmi5: (mastery) => {
    const verbs = [];
    window.fetch = async (url, options) => answer(url, options || {}, mastery, verbs);
    return {
      isFailed: () => verbs.includes("failed"),
      isComplete: () => verbs.includes("passed") && verbs.includes("completed"),
    };
  },
};

function scorm(told, [begin, get, set, commit, end]) {
  return {
    [begin]: () => "true",
    [get]: (name) => (name in told ? told[name] : ""),
    [set]: (name, value) => {
      told[name] = value;
      return "true";
    },
    [commit]: () => "true",
    [end]: () => "true",
  };
}

function answer(url, options, mastery, verbs) {
  if (options.method === "POST" && !url.includes("statements")) {
    return told(200, { "auth-token": "token" });
  }
  if (options.method === "POST") {
    verbs.push(...JSON.parse(options.body).map((statement) => statement.verb.id.split("/").pop()));
  }
  if (options.method) {
    return told(200, []);
  }
  return url.includes("LMS.LaunchData") ? told(200, { launchMode: "Normal", masteryScore: mastery }) : told(404, null);
}

function told(status, content) {
  return { status, ok: status === 200, headers: { get: () => "application/json" }, json: async () => content };
}
