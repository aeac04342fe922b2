// Keys pressed before the review page's script has come. Loaded at once, where that one waits for
// the whole page and all its parts: a trace that can be read can be judged.
{
  const heard = [];
  const hear = (event) => heard.push(event);
  document.addEventListener("keydown", hear);

  // Called once, by the script that hears all later keys itself.
  window.takeEarlyKeys = () => {
    document.removeEventListener("keydown", hear);
    return heard;
  };
}
