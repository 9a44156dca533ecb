// Runs in the page. Each function returns the faults that it finds, in words.
window.layout = (() => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";

  const called = element =>
    `<${element.tagName.toLowerCase()}${element.className ? "." + element.className : ""}> ` +
    (element.innerText || element.value || element.id || "").trim().slice(0, 40);
  const isHidden = element => {
    const box = element.getBoundingClientRect();
    return box.width <= 1 || box.height <= 1 || !element.checkVisibility();
  };
  const hasOwnText = element =>
    [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const ownRegion = element => element.closest(".table-scroll, .visually-hidden, .skip-link, svg");

  // What lies beside the window, outside a region that scrolls by itself, or is cut off in its own box.
  const overflowing = () => {
    const width = document.documentElement.clientWidth;
    const faults = [];
    if (document.documentElement.scrollWidth > width) {
      faults.push(`the page is ${document.documentElement.scrollWidth} px wide in ${width} px`);
    }
    for (const element of document.body.querySelectorAll("*")) {
      if (isHidden(element) || ownRegion(element)) continue;
      const box = element.getBoundingClientRect();
      if (box.right > width + 1 || box.left < -1) faults.push(`${called(element)} lies beside the window`);
      const style = getComputedStyle(element);
      const cuts = [["overflowX", "Width"], ["overflowY", "Height"]].filter(([way, size]) =>
        ["hidden", "clip"].includes(style[way]) && element["scroll" + size] > element["client" + size] + 1);
      if (cuts.length && element.innerText?.trim()) faults.push(`${called(element)} is cut off`);
    }
    return faults.slice(0, 5);
  };

  // With a reader's own style sheet: the page's policy does not concern it.
  const overflowingWith = css => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
    return overflowing();
  };

  const isInline = element => getComputedStyle(element).display === "inline";
  const target = element => (element.matches("input[type=radio], input[type=checkbox]") &&
    element.closest("label, .question__choice")) || element;

  const smallTargets = () => [...document.querySelectorAll(CONTROLS)].filter(element =>
    !isHidden(element) && !ownRegion(element) && !isInline(element)
  ).flatMap(element => {
    const { width, height } = target(element).getBoundingClientRect();
    const least = element.matches("button, .button, input, select") ? 44 : 24;
    return width < 24 || height < least - 0.5
      ? [`${called(element)} is ${Math.round(width)} × ${Math.round(height)} px`] : [];
  });

  // The faults of every element that the Tab key comes to, until it comes round.
  const found = [];
  const watchFocus = () => {
    document.activeElement.blur();
    getSelection().collapse(document.body, 0);
    scrollTo(0, 0);
    addEventListener("focusin", event => found.push(focusFault(event.target)));
    return document.querySelectorAll(CONTROLS).length;
  };
  const focusFaults = () => found.length ? found.filter(Boolean) : ["nothing takes it"];

  const hasRing = style => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) ||
    style.boxShadow !== "none";
  const focusFault = element => {
    const box = element.getBoundingClientRect();
    const seen = box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight &&
      box.right > 0 && box.left < innerWidth;
    if (!seen) return `${called(element)} cannot be seen`;
    if (!hasRing(getComputedStyle(element))) return `${called(element)} has no ring`;
    const x = Math.min(Math.max((box.left + Math.min(box.right, innerWidth)) / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max((Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2, 0), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    return top && (element.contains(top) || top.contains(element)) ? "" : `${called(element)} is covered by ${called(top)}`;
  };

  const withoutBorder = () => [...document.querySelectorAll("button, .button, input:not([type=hidden]), select")]
    .filter(element => !isHidden(element) && !element.matches(".button--text, input[type=radio], input[type=checkbox]"))
    .filter(element => parseFloat(getComputedStyle(element).borderTopWidth) < 1)
    .map(called);

  return { overflowingWith, smallTargets, watchFocus, focusFaults, withoutBorder };
})();
