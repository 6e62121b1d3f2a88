// Items in lists, with their scores, reasons, and what is like them.

import { announce, count, fixed, make, number, starPicture, title } from "./elements.js";
import { similar } from "./service.js";

/** A score, and how far up the scale it is, which ends with the best score of the list where that is above. */
function scoreMeter(score, best, model) {
  const levels = model.stars;
  const [low, top] = model.feedback === "implicit" ? [0, 1] : [Math.min(0, levels[0]), levels[levels.length - 1]];
  const high = Math.max(top, best);
  const share = Math.min(1, Math.max(0, (score - low) / (high - low))) || 0;
  const bar = make("span", { className: "bar-of-score", "aria-hidden": "true" });
  bar.style.setProperty("--share", `${100 * share}%`);
  return make("span", { className: "score" }, bar, make("span", { className: "hidden" }, "score "),
    fixed(score, top >= 50 ? 1 : 2));
}

/** The ratings that add most to a score, in a sentence; `null` where they are not known. */
function reason(because, model, words) {
  if (!because) return null;
  const line = make("p", { className: "reason" });
  if (!because.length) {
    line.append("no single rating speaks for it");
    return line;
  }
  line.append(`${words} `);
  because.forEach((rating, place) => {
    if (place) line.append(" and ");
    line.append(...named(title(rating), starPicture(rating.rating, model.stars)));
  });
  return line;
}

/** A name with stars behind it, which stay on the line of its last word. */
function named(text, stars) {
  const [, head, tail] = /^(.*?)(\S{0,20})$/s.exec(text);
  return [make("b", {}, head), make("span", { className: "together" }, make("b", {}, tail), "\u00a0", stars)];
}

/** A button that shows what is like an item, and hides it again. */
export function similarButton(entry, model, rate) {
  const panel = make("div", { className: "similar", hidden: true });
  const button = make("button", { className: "quiet", "aria-expanded": "false" }, "Similar");
  button.setAttribute("aria-label", `Similar to ${title(entry)}`);
  let isLoaded = false;
  button.addEventListener("click", async () => {
    panel.hidden = !panel.hidden;
    button.setAttribute("aria-expanded", String(!panel.hidden));
    if (panel.hidden || isLoaded) return;
    isLoaded = true;
    panel.replaceChildren(make("p", { className: "hint" }, "Looking…"));
    try {
      const found = (await similar(entry.item, Math.min(6, model.list_limit))).similar;
      panel.replaceChildren(
        found.length
          ? make("ul", { "aria-label": `Similar to ${title(entry)}` }, ...found.map((other) => line(other, model, { rate, isSmall: true })))
          : make("p", { className: "hint" }, "There is nothing like it."));
      announce(`${found.length} similar`);
    } catch (error) {
      isLoaded = false;
      panel.replaceChildren(make("p", { className: "error", role: "alert" }, error.message));
    }
  });
  return { button, panel };
}

/** An item as a line of a list. */
export function line(entry, model, { rate = null, words = "", isSmall = false, best = 0 } = {}) {
  const { button, panel } = isSmall ? { button: null, panel: null } : similarButton(entry, model, rate);
  const value =
    entry.rating !== undefined
      ? make("span", { className: "score" }, starPicture(entry.rating, model.stars), number(entry.rating))
      : entry.score === undefined
        ? entry.ratings ? make("span", { className: "score count" }, count(entry.ratings, "rating")) : null
      : isSmall ? make("span", { className: "score", title: "cosine" }, fixed(entry.score, 2))
      : scoreMeter(entry.score, best, model);
  const rateButton = rate && make("button", { className: "quiet", onclick: () => rate(entry) }, "Rate");
  rateButton?.setAttribute("aria-label", `Rate ${title(entry)}`);
  return make("li", {},
    make("div", { className: "line" },
      make("span", { className: "title", title: entry.item }, title(entry)),
      value, make("span", { className: "actions" }, rateButton, button), reason(entry.because, model, words)),
    panel);
}
