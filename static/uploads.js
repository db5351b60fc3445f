// Sends the files of a form in parts while it is filled in (tus 1.0.0, tus.io/protocols/resumable-upload): several at
// once, on from where a lost connection broke off, and after a closed tab on from where it was when the same file is
// chosen again. Without this file the form sends them itself.
const PART = 16 * 1024 * 1024;
const AT_ONCE = 3;
const WAITS = [1, 2, 4, 8, 15, 30, 60]; // seconds before the next try
const TELL_EVERY = 15_000;
const STALLED = 120_000; // longer than the portal takes to look into a file
const VERSION = { "Tus-Resumable": "1.0.0" };

const inWords = (bytes) => bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
const make = (tag, classes = "", words = "") => {
  const element = document.createElement(tag);
  if (classes) element.className = classes;
  element.textContent = words;
  return element;
};
const button = (words, about) => {
  const element = make("button", "govuk-button govuk-button--secondary portal-upload__button", words);
  element.type = "button";
  element.append(make("span", "govuk-visually-hidden", ` ${about}`));
  return element;
};

// What a file is known by when it is chosen again: a mark of its name, size and date that gives none of them away.
const mark = async (file, place) => {
  if (!window.crypto?.subtle) return null;
  const said = new TextEncoder().encode([place, file.name, file.size, file.lastModified].join("\n"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", said));
  return "upload-" + [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};
const remembered = (key) => { try { return key && localStorage.getItem(key); } catch { return null; } };
const remember = (key, url) => { try { if (key) localStorage.setItem(key, url); } catch { /* not kept, then */ } };
const forget = (key) => { try { if (key) localStorage.removeItem(key); } catch { /* as good as gone */ } };

class Refused extends Error {}

class Upload {
  constructor(file, list) {
    Object.assign(this, { file, list, url: null, key: null, offset: 0, tries: 0, state: "waiting", request: null });
    this.row = make("li", "portal-upload");
    this.name = make("p", "govuk-body portal-upload__name portal-as-typed", file.name);
    this.bar = make("progress", "portal-upload__bar");
    this.bar.max = file.size || 1;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", `Arrived of ${file.name}`);
    this.words = make("p", "govuk-body-s portal-upload__words", "Waiting");
    this.pausing = button("Pause", file.name);
    this.removing = button("Remove", file.name);
    this.pausing.addEventListener("click", () => this.state === "paused" ? this.list.resume(this) : this.pause());
    this.removing.addEventListener("click", () => this.remove());
    const buttons = make("div", "portal-upload__buttons");
    buttons.append(this.pausing, this.removing);
    this.row.append(this.name, this.bar, this.words, buttons);
  }

  send(method, url, headers = {}, body = null, onProgress = null) {
    return new Promise((resolve, reject) => {
      const request = this.request = new XMLHttpRequest();
      request.open(method, url);
      for (const [name, value] of Object.entries({ ...VERSION, "X-CSRFToken": this.list.token, ...headers })) {
        request.setRequestHeader(name, value);
      }
      let stalled = 0;
      const watch = () => {
        window.clearTimeout(stalled);
        stalled = window.setTimeout(() => request.abort(), STALLED);
      };
      watch();
      if (onProgress) request.upload.onprogress = (event) => { watch(); onProgress(event.loaded); };
      request.onloadend = () => window.clearTimeout(stalled);
      request.onload = () => resolve(request);
      request.onerror = () => reject(new Error("no connection"));
      request.onabort = () => reject(new Error("stopped"));
      request.send(body);
    });
  }

  // What an answer means: go on; give up, with words for a person; or (an ordinary error) try again later.
  judged(answer) {
    if ([404, 409, 410, 423].includes(answer.status)) throw new Error("not where it was thought to be");
    if (!answer.getResponseHeader("Tus-Resumable")) {
      if (answer.status >= 500 || answer.status === 0) throw new Error("not answered");
      if (answer.status === 413) throw new Refused("This file was stopped on its way to us. You did nothing wrong: please tell us about it");
      throw new Refused("You have been signed out. Save what you have written, sign in, and choose this file again");
    }
    if ([413, 415, 422].includes(answer.status)) throw new Refused(answer.responseText);
    if (answer.status >= 400) throw new Error(`answered ${answer.status}`);
    return answer;
  }

  async find() {
    this.key ??= await mark(this.file, this.list.place);
    this.url ??= remembered(this.key);
    if (this.url) {
      const answer = await this.send("HEAD", this.url);
      if (answer.status === 200) {
        this.offset = Number(this.judged(answer).getResponseHeader("Upload-Offset"));
        return;
      }
      if (![403, 404, 410].includes(answer.status)) this.judged(answer);
      forget(this.key);
    }
    const bytes = new TextEncoder().encode(this.file.name);
    const name = btoa([...bytes].map((byte) => String.fromCharCode(byte)).join(""));
    const begun = this.judged(await this.send("POST", this.list.place, {
      "Upload-Length": String(this.file.size), "Upload-Metadata": `filename ${name}`,
    }));
    this.url = begun.getResponseHeader("Location");
    this.offset = 0;
    remember(this.key, this.url);
  }

  async run() {
    const turn = this.turn = {};
    this.state = "running";
    this.list.tell(`${this.file.name}: upload started`);
    const goesOn = () => this.state === "running" && this.turn === turn;
    while (goesOn()) {
      try {
        await this.find();
        this.began = { at: Date.now(), offset: this.offset };
        while (this.offset < this.file.size) await this.part();
        this.arrived();
      } catch (problem) {
        if (!goesOn()) return;
        if (problem instanceof Refused) this.refused(problem.message);
        else await this.rest();
      }
    }
  }

  async part() {
    const from = this.offset;
    const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(from) };
    this.show(from);
    const answer = this.judged(await this.send("PATCH", this.url, headers, this.file.slice(from, from + PART), (loaded) => {
      this.tries = 0;
      this.show(from + loaded);
    }));
    this.offset = Number(answer.getResponseHeader("Upload-Offset"));
    this.tries = 0;
  }

  show(offset) {
    this.bar.value = offset;
    const seconds = (Date.now() - this.began.at) / 1000;
    const speed = seconds > 1 ? (offset - this.began.offset) / seconds : 0;
    const left = speed > 0 ? Math.ceil((this.file.size - offset) / speed) : 0;
    const time = left > 90 ? `, about ${Math.round(left / 60)} minutes left` : left ? `, about ${left} seconds left` : "";
    this.words.textContent = offset >= this.file.size
      ? "Arrived. It is being checked"
      : `${inWords(offset)} of ${inWords(this.file.size)}` + (speed ? `, ${inWords(speed)} a second${time}` : "");
    this.list.tellProgress(this, offset);
  }

  async rest() {
    const seconds = WAITS[Math.min(this.tries, WAITS.length - 1)];
    this.tries += 1;
    this.words.textContent = "No connection. This goes on by itself when it is back";
    if (this.tries === 1) this.list.tell(`${this.file.name}: no connection, waiting to go on`);
    await new Promise((resolve) => {
      const wake = () => { window.clearTimeout(timer); window.removeEventListener("online", wake); resolve(); };
      const timer = window.setTimeout(wake, seconds * 1000);
      window.addEventListener("online", wake);
    });
  }

  pause() {
    this.state = "paused";
    this.request?.abort();
    this.words.textContent = `Paused at ${inWords(this.offset)} of ${inWords(this.file.size)}`;
    this.pausing.firstChild.textContent = "Continue";
    this.list.tell(`${this.file.name}: paused`);
    this.list.next();
  }

  arrived() {
    this.state = "arrived";
    forget(this.key);
    this.bar.remove();
    this.pausing.remove();
    this.words.textContent = `${inWords(this.file.size)}. Arrived: it is sent when you press the button below`;
    const kept = make("input");
    kept.type = "hidden";
    kept.name = "keep";
    kept.value = this.url.split("/").pop();
    this.row.append(kept);
    this.list.tell(`${this.file.name}: has arrived`);
    this.list.form.dispatchEvent(new Event("change", { bubbles: true })); // a draft takes note
    this.list.next();
  }

  refused(words) {
    this.state = "refused";
    forget(this.key);
    this.bar.remove();
    this.pausing.remove();
    this.words.className = "govuk-error-message portal-upload__words";
    this.words.textContent = words;
    this.list.tell(words);
    this.list.next();
  }

  async remove() {
    const had = this.state;
    this.state = "removed";
    if (had === "running") this.request?.abort();
    forget(this.key);
    this.list.drop(this);
    this.list.tell(`${this.file.name}: removed`);
    // What is not dropped at once, for want of a connection, is thrown away by the portal after some days.
    if (this.url && had !== "refused") await this.send("DELETE", this.url).catch(() => {});
    this.list.next();
  }
}

class List {
  constructor(input) {
    this.input = input;
    this.form = input.form;
    this.place = input.dataset.uploads;
    this.token = this.form.elements.namedItem("csrf_token").value;
    this.uploads = [];
    this.told = 0;
    this.pressed = null;
    this.rows = make("ul", "govuk-list portal-uploads");
    this.note = make("p", "govuk-body", "You can leave this page and come back. An upload stops when you leave: choose the same file again, and it goes on from where it was.");
    this.note.hidden = true;
    this.status = make("p", "govuk-visually-hidden");
    this.status.setAttribute("role", "status");
    this.status.setAttribute("aria-live", "polite");
    this.problem = make("p", "govuk-error-message");
    this.problem.setAttribute("role", "alert");
    (input.closest(".govuk-form-group") ?? input).after(this.rows, this.note, this.status, this.problem);
    input.addEventListener("change", () => this.take());
    window.addEventListener("offline", () => this.unfinished().forEach((upload) => upload.request?.abort()));
    this.form.addEventListener("submit", (event) => this.hold(event), { capture: true });
  }

  take() {
    for (const file of this.input.files) {
      const upload = new Upload(file, this);
      this.uploads.push(upload);
      this.rows.append(upload.row);
    }
    this.input.value = ""; // the form is not to send them as well
    this.note.hidden = this.uploads.length === 0;
    this.next();
  }

  next() {
    const running = this.uploads.filter((upload) => upload.state === "running").length;
    for (const upload of this.uploads.filter((each) => each.state === "waiting").slice(0, AT_ONCE - running)) upload.run();
    if (!this.unfinished().length) this.sendNow();
  }

  resume(upload) {
    upload.pausing.firstChild.textContent = "Pause";
    upload.words.textContent = "Waiting";
    upload.state = "waiting";
    this.next();
  }

  drop(upload) {
    this.uploads = this.uploads.filter((each) => each !== upload);
    upload.row.remove();
    this.note.hidden = this.uploads.length === 0;
    this.input.focus();
  }

  unfinished() {
    return this.uploads.filter((upload) => ["waiting", "running", "paused"].includes(upload.state));
  }

  // Whoever sends now would leave behind what has not arrived; to finish later is always possible.
  hold(event) {
    const count = this.unfinished().length;
    if (!count || event.submitter?.name === "later") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.pressed = { by: event.submitter };
    this.problem.textContent = count === 1
      ? "One file has not arrived yet. All is sent by itself when it has. You can also remove it."
      : `${count} files have not arrived yet. All is sent by itself when they have. You can also remove them.`;
  }

  // Once everything is here: what the press of a button was held for. A file that was refused is to be read about first.
  sendNow() {
    const pressed = this.pressed;
    this.pressed = null;
    this.problem.textContent = "";
    if (pressed && !this.uploads.some((upload) => upload.state === "refused")) this.form.requestSubmit(pressed.by);
  }

  tell(words) {
    this.told = Date.now();
    this.status.textContent = words;
  }

  // Not too often: nobody wants to hear of every megabyte.
  tellProgress(upload, offset) {
    if (Date.now() - this.told < TELL_EVERY) return;
    this.tell(`${upload.file.name}: ${Math.floor((100 * offset) / upload.file.size)} per cent has arrived`);
  }
}

for (const input of document.querySelectorAll("input[type=file][data-uploads]")) new List(input);
for (const hidden of document.querySelectorAll("[data-uploads-unfinished]")) hidden.hidden = false;
