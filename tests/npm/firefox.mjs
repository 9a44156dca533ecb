// Debian's Firefox goes the whole way through the web delivery: `node firefox.mjs BROWSER FOLDER ANSWERS`.
// ANSWERS: question → {right: form, wrong: form}, as JSON. Prints what was seen at each step, as JSON.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [executablePath, folder, answersFile] = process.argv.slice(2);
const answers = JSON.parse(readFileSync(answersFile, "utf-8"));
const address = pathToFileURL(`${folder}/index.html`).href;
const seen = {};

const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });

async function opened() {
  const page = await browser.newPage();
  await page.goto(address);
  await inner(page, "#standing:not([hidden])");
  return page;
}

// The frame that shows the course's pages; it changes with every page.
async function inner(page, selector) {
  const end = Date.now() + 20000;
  for (;;) {
    for (const frame of page.frames().slice(1)) {
      try {
        const found = await frame.$(selector);
        if (found && (await found.isVisible())) {
          return { frame, found };
        }
      } catch (navigated) {
        // between two pages
      }
    }
    if (Date.now() > end) {
      throw new Error(`${selector} is never shown`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function click(page, selector) {
  const { frame } = await inner(page, selector);
  await frame.$eval(selector, (element) => element.click());
}

async function text(page, selector) {
  const { frame } = await inner(page, selector);
  return frame.$eval(selector, (element) => element.textContent.trim());
}

async function answer(page, isRight) {
  const { frame } = await inner(page, "#question-place fieldset");
  const question = (await frame.$eval("#question-place fieldset", (each) => each.id)).replace("question-", "");
  await frame.evaluate((form) => {
    for (const [name, values] of Object.entries(form)) {
      for (const value of values) {
        const select = document.querySelector(`#question-place select[name="${name}"]`);
        if (select) {
          select.value = value;
          select.dispatchEvent(new Event("change", { bubbles: true }));
        } else {
          document.querySelector(`#question-place input[name="${name}"][value="${value}"]`).checked = true;
        }
      }
    }
  }, answers[question][isRight ? "right" : "wrong"]);
  await click(page, "#question button[type=submit]");
  return text(page, "#explaining h1");
}

async function begins(page, module) {
  await click(page, `[data-module="${module}"] a`);
  await click(page, "#to-quiz");
  await click(page, "#begin:not([disabled])");
}

let page = await opened();
await begins(page, "plain-words");
seen.first = await answer(page, false);
await page.close();

page = await opened();
seen.next = await text(page, "#next-step");
await begins(page, "plain-words");
seen.resumed = await text(page, "#asking h1");
for (let left = 2; left > 0; left -= 1) {
  await answer(page, true);
  await click(page, "#go-on");
}
seen.failed = await text(page, "#result h1");
await click(page, "#retry");
seen.retried = await text(page, "#asking h1");
await answer(page, true);
await click(page, "#go-on");
seen.passed = await text(page, "#result h1");
await page.close();

page = await opened();
seen.done = await text(page, ".standing__done");
await browser.close();
console.log(JSON.stringify(seen));
