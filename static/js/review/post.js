// One way to ask the server, and the few ways it can end.

// `kind` is "done" or "refused" (both with the content of the answer), "login" (the
// session has ended) or "silent" (no answer, or one that says to come back).
export async function post(address, body, { keepalive = false, signal } = {}) {
  // The page's own token is from before a login in another tab; the header carries today's.
  body.delete("csrfmiddlewaretoken");
  let answer;
  try {
    answer = await fetch(address, {
      method: "POST",
      body,
      keepalive,
      signal,
      redirect: "manual",
      headers: {
        "X-CSRFToken": token(),
        "X-Review-Page": "1",
      },
    });
  } catch {
    return { kind: "silent" };
  }
  return read(answer);
}

async function read(answer) {
  if (answer.type === "opaqueredirect") return { kind: "login" };
  if (answer.status >= 500 || answer.status === 429) return { kind: "silent" };
  const content = await contents(answer);
  if (answer.ok) return { kind: "done", status: answer.status, content };
  // A token from before a new login: the page has the new one by the next try.
  if (answer.status === 403 && typeof content === "string") return { kind: "login" };
  return { kind: "refused", status: answer.status, content };
}

async function contents(answer) {
  const type = answer.headers.get("Content-Type") ?? "";
  try {
    return type.startsWith("application/json") ? await answer.json() : await answer.text();
  } catch {
    return "";
  }
}

// From the cookie rather than the page: a login in another tab gives a new one.
function token() {
  const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return found?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}
