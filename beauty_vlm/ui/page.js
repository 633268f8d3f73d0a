// What the whole page needs of the browser: HEIC photos that it does not know, copying, and names. Runs once.
const TYPES = { heic: "image/heic", heif: "image/heif", hif: "image/heif", avif: "image/avif" };
const COPIED_MS = 1500;

// Gradio takes only files that the browser calls images, and most browsers give HEIC no type at all.
const typeOf = (file) => file.type || TYPES[file.name.split(".").pop().toLowerCase()] || "";
const unknown = (files) => [...files].some((file) => file.type !== typeOf(file));

function typed(files) {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(new File([file], file.name, { type: typeOf(file) }));
  return transfer;
}

const inputAt = (node) => node.closest?.(".bv-picture")?.querySelector("input[type=file]");

// In the capturing phase: before gradio's own listeners.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (input === inputAt(input) && unknown(input.files)) input.files = typed(input.files).files;
}, true);
document.addEventListener("drop", (event) => {
  const files = event.dataTransfer?.files ?? [];
  if (!inputAt(event.target) || !unknown(files)) return;
  event.preventDefault();
  event.stopPropagation();
  const again = { bubbles: true, cancelable: true, dataTransfer: typed(files) };
  event.target.dispatchEvent(new DragEvent("drop", again));
}, true);
document.addEventListener("click", (event) => {
  const input = inputAt(event.target);
  if (input && !input.accept.includes(".heic"))
    input.accept = [input.accept, ...Object.keys(TYPES).map((ending) => `.${ending}`)].filter(Boolean).join(",");
}, true);

// Whether `text` is on the clipboard now. Pages that are not served by HTTPS have only the older way.
window.bvCopy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.cssText = "position:fixed;opacity:0";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
};
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  button.dataset.told = (await window.bvCopy(button.dataset.copy)) ? "Copied" : "Copying failed";
  say(button.dataset.told);
  setTimeout(() => delete button.dataset.told, COPIED_MS);
});

// What screen readers are told though the focus stays where it is: a description that came, what was copied.
const teller = document.createElement("div");
teller.id = "bv-teller";
teller.setAttribute("role", "status");
teller.style.cssText = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)";
document.body.append(teller);
function say(text) {
  teller.textContent = "";
  requestAnimationFrame(() => { teller.textContent = text; });
}
window.bvSay = say;

// Gradio's examples are pictures on buttons without a name, which a screen reader cannot tell apart: they take their
// file's.
const spoken = (source) => decodeURIComponent(source.split("/").pop()).replace(/^\d+-|\.\w+$/g, "").replaceAll("-", " ");
function nameExamples() {
  for (const picture of document.querySelectorAll("button.gallery-item:not([aria-label]) img[src]"))
    picture.closest("button").setAttribute("aria-label", `Example: ${spoken(picture.src)}`);
}
new MutationObserver(nameExamples).observe(document.documentElement, { childList: true, subtree: true });
nameExamples();
