// As much of a browser as the frame of a delivery asks for. Nothing is shown: what a page would ask, a run asks.
"use strict";

var window = globalThis;
var Run = { view: null, kept: {}, ask: null, leave: null, open: null };

(function () {
  let listeners = {};
  let elements = {};

  function element() {
    return { hidden: false, src: "", contentWindow: { postMessage: hear } };
  }

  function hear(message) {
    if (message.kind === "view") {
      Run.view = message;
    }
  }

  function happens(kind, event) {
    (listeners[kind] || []).forEach((listener) => listener(event));
  }

  // A page that is opened at an address; what was kept stays.
  Run.open = (search) => {
    listeners = {};
    elements = {};
    Run.view = null;
    window.location = { search };
  };
  Run.ask = (message) => happens("message", { source: document.getElementById("page").contentWindow, data: { kyozai: 1, ...message } });
  Run.leave = () => happens("pagehide", {});

  window.parent = window;
  window.opener = null;
  window.addEventListener = (kind, listener) => {
    listeners[kind] = (listeners[kind] || []).concat(listener);
  };
  // What would be tried again later has failed: a run does not wait.
  window.setTimeout = () => 0;
  window.clearTimeout = () => {};
  window.document = {
    title: "",
    documentElement: { lang: "ja" },
    getElementById: (id) => (elements[id] = elements[id] || element()),
  };
  window.localStorage = {
    getItem: (key) => (key in Run.kept ? Run.kept[key] : null),
    setItem: (key, value) => {
      Run.kept[key] = String(value);
    },
    removeItem: (key) => {
      delete Run.kept[key];
    },
  };
  window.crypto = { getRandomValues: (bytes) => bytes.fill(7) };

  window.URLSearchParams = class {
    constructor(given) {
      this.pairs = typeof given === "string" ? read(given.replace(/^\?/, "")) : Object.entries(given);
    }

    get(name) {
      const found = this.pairs.find((pair) => pair[0] === name);
      return found ? found[1] : null;
    }

    has(name) {
      return this.get(name) !== null;
    }

    toString() {
      return this.pairs.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
    }
  };

  function read(text) {
    const pairs = text.split("&").filter(Boolean).map((pair) => pair.split("="));
    return pairs.map(([name, value]) => [decodeURIComponent(name), decodeURIComponent(value || "")]);
  }
})();
