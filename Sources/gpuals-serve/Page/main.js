// From the fragment of the address to a view, and back: a link holds all that is shown.

import { byId, count } from "./elements.js";
import { model as loadModel, setTokenSource } from "./service.js";
import { startTaste } from "./taste.js";
import { startUser } from "./user.js";

let current = "";
let wantsToken = false;

function view(name) {
  byId("loading").hidden = true;
  for (const other of ["token", "failure", "taste", "user"]) byId(`${other}-view`).hidden = other !== name;
  for (const other of ["taste", "user"]) {
    if (other === name) byId(`${other}-link`).setAttribute("aria-current", "page");
    else byId(`${other}-link`).removeAttribute("aria-current");
  }
}

function fail(error) {
  view("failure");
  byId("failure").textContent = error.message;
}

setTokenSource((isRefused) => new Promise((resolve) => {
  wantsToken = true;
  view("token");
  byId("token-error").textContent = isRefused ? "This token is refused. Is all of it there? If so, ask for another." : "";
  byId("token").value = "";
  byId("token").focus();
  byId("token-form").onsubmit = (event) => {
    event.preventDefault();
    const token = byId("token").value.trim();
    // Others cannot stand in a header.
    if (!/^[!-~]+$/.test(token)) {
      byId("token-error").textContent = "A token has neither spaces nor accents.";
      return;
    }
    wantsToken = false;
    view(current);
    resolve(token);
  };
}));

function showFacts(model) {
  const parts = [
    count(model.users, "user"), count(model.items, "item"), count(model.ratings, "rating"),
    `rank ${model.rank}, ${model.feedback}`,
  ];
  if (model.written) {
    const date = new Date(model.written).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
    parts.push(`written ${date}`);
  }
  byId("facts").textContent = parts.join(" · ");
}

async function start() {
  let model;
  try {
    model = await loadModel();
  } catch (error) {
    return fail(error);
  }
  showFacts(model);
  const taste = startTaste(model, (fragment) => {
    byId("taste-link").href = fragment;
    // Not one entry in the history for each star.
    if (current === "taste" && location.hash !== fragment) history.replaceState(null, "", fragment);
  });
  const user = startUser(model);

  async function route() {
    const [, name, text = ""] = /^#?([a-z]*)=?(.*)$/.exec(location.hash) || [];
    current = name === "user" ? "user" : "taste";
    if (!wantsToken) view(current);
    document.title = current === "user" ? `${text ? "A user" : "Look up a user"} – gpuals` : "gpuals";
    try {
      if (current === "user") user.show(text);
      else await taste.show(name === "rate" ? text : "");
    } catch (error) {
      fail(error);
    }
    byId("user-link").href = user.fragment();
  }

  addEventListener("hashchange", route);
  await route();
  if (current === "taste" && matchMedia("(pointer: fine)").matches) byId("search").focus({ preventScroll: true });
}

byId("failure-retry").addEventListener("click", () => location.reload());
// Its own fragment would take the place of what the address says.
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("main").focus();
});
// A slash leads to the search, as it does elsewhere.
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || current !== "taste") return;
  if (event.target.matches("input:not([type=radio])")) return;
  event.preventDefault();
  byId("search").focus();
});
start();
