// What the page asks the service for, and the token that it may want.

const storageKey = "gpuals-token";

/** An answer that is not what was asked for; its message is one for people. */
export class Refusal extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

let token = sessionStorage.getItem(storageKey);
let tokenOnItsWay = null;
let askForToken = async () => token;

/** Says how to come by a token: a function of whether the last one was refused. */
export function setTokenSource(source) { askForToken = source; }

function nextToken() {
  // Several requests may be refused at once, and wait for the same token.
  tokenOnItsWay ??= askForToken(token !== null).then((given) => {
    token = given;
    sessionStorage.setItem(storageKey, given);
    tokenOnItsWay = null;
  });
  return tokenOnItsWay;
}

/** Asks, and waits for a token where one is wanted. A body makes it POST. */
export async function ask(path, { body, signal } = {}) {
  for (;;) {
    const used = token;
    const headers = used === null ? {} : { Authorization: `Bearer ${used}` };
    let answer, value;
    try {
      answer = await fetch(path, {
        method: body ? "POST" : "GET", headers, signal, cache: "no-store", body: body && JSON.stringify(body),
      });
      value = await answer.json().catch(() => ({}));
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Refusal("The service does not answer. See whether it runs, and try again.", 0);
    }
    if (answer.ok) return value;
    if (answer.status !== 401) throw new Refusal(sentence(value.error, answer.status), answer.status);
    if (used === token) await nextToken();
  }
}

function sentence(text, status) {
  return text ? `${text[0].toUpperCase()}${text.slice(1)}.` : `The service answers with status ${status} and no words.`;
}

const part = encodeURIComponent;

export const model = () => ask("v1/model");
export const find = (query, n, signal) => ask(`v1/items?query=${part(query)}&n=${n}`, { signal });
export const item = (id) => ask(`v1/items/${part(id)}`);
export const similar = (id, n) => ask(`v1/items/${part(id)}/similar?n=${n}`);
export const recommend = (ratings, n, explain, signal) =>
  ask("v1/recommendations", { body: { ratings, n, explain }, signal });
export const userRatings = (id, n, signal) => ask(`v1/users/${part(id)}/ratings?n=${n}`, { signal });
export const userRecommendations = (id, n, explain, signal) =>
  ask(`v1/users/${part(id)}/recommendations?n=${n}&explain=${explain}`, { signal });
