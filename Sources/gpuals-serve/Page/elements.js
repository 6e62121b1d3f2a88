// The smallest parts of the page. What comes from the model is put in as text, never as markup: names may hold anything.

export const byId = (id) => document.getElementById(id);

/** An element with properties, attributes (those with a dash, and role) and children, of which strings become text. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "role" || name.includes("-")) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** What an item is called: its name, or its id where there is none. */
export const title = (entry) => entry.name || entry.item;

/** A rating, in as few digits as it takes. */
export const number = (value) => value.toLocaleString("en", { maximumFractionDigits: 2 });

/** A score or another number of a column, all with the same digits behind the point. What is not finite comes as a text. */
export const fixed = (value, digits) => (typeof value === "number" ? value.toFixed(digits) : value);

export const count = (value, noun) => `${value.toLocaleString("en")} ${noun}${value === 1 ? "" : "s"}`;

/** How many stars a rating is, in parts of stars: the levels are the ratings that 1, 2, … stars stand for. */
export function starsOf(rating, levels) {
  if (rating <= levels[0]) return levels[0] > 0 ? Math.max(0, rating / levels[0]) : 1;
  const above = levels.findIndex((level) => rating <= level);
  if (above < 0) return levels.length;
  return above + (rating - levels[above - 1]) / (levels[above] - levels[above - 1]);
}

/** A rating as stars that cannot be changed. */
export function starPicture(rating, levels) {
  const stars = starsOf(rating, levels);
  const picture = make("span", {
    className: "picture", role: "img",
    "aria-label": levels.length === 1 ? "liked" : `${number(Math.round(stars * 10) / 10)} of ${levels.length} stars`,
  });
  picture.style.setProperty("--count", levels.length);
  picture.style.setProperty("--full", `${(100 * stars) / levels.length}%`);
  return picture;
}

let groups = 0;

/** A group of radio buttons that look like stars: arrows and digits choose, Enter ends. */
export function starGroup(legend, levels, value, change, end) {
  const name = `stars-${(groups += 1)}`;
  const group = make("fieldset", { className: "stars" }, make("legend", { className: "hidden" }, legend));
  const inputs = levels.map((level, place) => {
    const stars = levels.length === 1 ? "Like" : count(place + 1, "star");
    const input = make("input", { type: "radio", name, value: place + 1, checked: place + 1 === value });
    group.append(
      make("label", { title: `${stars}: ${number(level)}` }, input,
        make("span", { className: "star" }), make("span", { className: "hidden" }, `${stars}: ${number(level)}`)));
    return input;
  });
  const show = (chosen) => inputs.forEach((input, place) => input.parentElement.classList.toggle("on", place < chosen));
  group.addEventListener("change", (event) => {
    show(Number(event.target.value));
    change(Number(event.target.value));
  });
  group.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const input = inputs[Number(event.key) - 1];
    if (input) {
      input.focus();
      input.click();
    } else if (event.key === "Enter") {
      end();
    } else {
      return;
    }
    event.preventDefault();
  });
  show(value);
  return { group, focus: () => (inputs.find((input) => input.checked) || inputs[0]).focus() };
}

/** Says something to those who do not see it happen. */
export function announce(text) { byId("status").textContent = text; }
