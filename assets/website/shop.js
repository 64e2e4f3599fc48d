// A shop's page on the search: copy what you need of it. Plain JavaScript, nothing to be built.

const script = document.querySelector("script[data-api]");
const api = new URL(script.dataset.api);
const headers = script.dataset.key ? { "X-API-Key": script.dataset.key } : {};

// A visit has a random name: it tells which clicks belong to which search, not who somebody is.
const visit = sessionStorage.getItem("visit") ?? crypto.randomUUID();
sessionStorage.setItem("visit", visit);

const at = (id) => document.getElementById(id);
const price = (amount, currency) =>
  amount && new Intl.NumberFormat(navigator.language, { style: "currency", currency }).format(amount);

class Refusal extends Error {}

/** Ask the search; a refusal is thrown with the sentence it comes with. */
async function ask(place, parameters = {}, options = {}) {
  const url = new URL(`${api.pathname}/${place}`, api);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const response = await fetch(url, { headers, ...options });
  const answer = await response.json();
  if (!response.ok) throw new Refusal(answer.detail);
  return { ...answer, search: response.headers.get("X-Search-Id") };
}

/** Tell what was done with a product; a page that is left tells it still. */
function tell(kind, product, search) {
  const event = { kind, product, ...(search && { search }) };
  fetch(new URL(`${api.pathname}/events`, api), {
    method: "POST",
    keepalive: true,
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify({ session: visit, events: [event] }),
  }).catch(() => {});  // the customer's way goes on whatever becomes of the event
}

/** Make the tile of a product that was found. */
function tile(hit, search, kind) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `?product=${encodeURIComponent(hit.id)}`;
  link.addEventListener("click", () => tell(kind, hit.id, search));
  const picture = document.createElement("img");
  picture.src = new URL(hit.links.thumbnail, api);
  picture.alt = "";
  picture.loading = "lazy";
  link.append(picture);
  const lines = [[hit.name], [price(hit.price, hit.currency)]];
  if (hit.saving > 0) lines.push([`You save ${price(hit.saving, hit.currency)}`, "saves"]);
  for (const [text, style] of lines) {
    if (!text) continue;
    const line = document.createElement("span");
    line.textContent = text;  // never as HTML: names are the shop's data
    line.className = style ?? "";
    link.append(line);
  }
  item.append(link);
  return item;
}

/** Show an answer in a section; more of it where there is more. */
function show(id, answer, kind, more) {
  const section = at(id);
  section.querySelector(".tiles").append(...answer.hits.map((hit) => tile(hit, answer.search, kind)));
  section.hidden = answer.hits.length === 0 && section.querySelector(".tiles").children.length === 0;
  if (!more) return;
  at("more").hidden = !answer.next;
  at("more").onclick = async () => show(id, await more(answer.next), kind, more);
}

let turn = 0;  // counts what was asked for: an answer that comes after the next question is late

/** Empty the page for what is asked now; give a test whether that is still what is wanted. */
function clear() {
  const mine = ++turn;
  for (const tiles of document.querySelectorAll(".tiles")) tiles.replaceChildren();
  for (const id of ["product", "cheaper", "similar"]) at(id).hidden = true;
  at("message").textContent = "";
  return () => mine === turn;
}

/** Show a product, what is like it, and what is like it and costs less. */
async function showProduct(id) {
  const wanted = clear();
  const place = `products/${encodeURIComponent(id)}`;
  const product = await ask(place);
  if (!wanted()) return;
  document.title = product.name || product.id;
  at("name").textContent = product.name || product.id;
  at("facts").textContent = [product.brand, product.colour].filter(Boolean).join(" · ");
  at("price").textContent = price(product.price, product.currency) || "";
  if (product.links.photo) {
    at("picture").src = new URL(product.links.photo, api);
    at("picture").alt = product.name;
  }
  at("basket").onclick = () => {
    tell("basket", product.id);
    at("thanks").textContent = "It is in your basket.";
  };
  at("product").hidden = false;
  const similar = (cursor) => ask(`${place}/similar`, { k: 6, session: visit, ...(cursor && { cursor }) });
  const [cheaper, like] = await Promise.all([
    product.price ? ask(`${place}/cheaper`, { k: 6, session: visit }) : { hits: [] },
    similar(),
  ]);
  if (!wanted()) return;
  show("cheaper", cheaper, "cheaper");
  show("similar", like, "similar", similar);
}

/** Show what a customer's photograph finds. */
async function showPhotograph(file) {
  const wanted = clear();
  at("message").textContent = "Looking …";
  const search = (cursor) => {
    const body = new FormData();
    body.append("photo", file);
    const parameters = { k: 12, session: visit, ...(cursor && { cursor }) };
    return ask("search", parameters, { method: "POST", body });
  };
  const answer = await search();
  if (!wanted()) return;
  at("message").textContent = answer.nothing_similar ? "Nothing here is like it; this comes closest." : "";
  show("similar", answer, "click", search);
}

/** Show a refusal's sentence; whatever else goes wrong is for the console. */
const safely = (work) => (...values) =>
  work(...values).catch((error) => {
    at("message").textContent =
      error instanceof Refusal ? error.message : "The search does not answer: try again later.";
    if (!(error instanceof Refusal)) console.error(error);
  });

at("photo").addEventListener("change", safely(async (event) => {
  if (event.target.files.length) await showPhotograph(event.target.files[0]);
}));

const wanted = new URLSearchParams(location.search).get("product") ?? "P0001";
await safely(showProduct)(wanted);
