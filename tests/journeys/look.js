// What a page is, for test_every_page.py. Judged by its structure: texts count as being there or
// not, addresses, values and languages not at all, so that pages of one shape are judged once.
() => {
  const elements = [...document.querySelectorAll("*")];
  const scrolls = elements.flatMap((element, place) =>
    element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight
      ? [place]
      : [],
  );
  const bare = document.documentElement.cloneNode(true);
  const texts = document.createTreeWalker(bare, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.trim() ? "x" : "";
  for (const element of [bare, ...bare.querySelectorAll("*")])
    for (const attribute of element.attributes)
      if (/^(href|src|action|value|nonce|content|datetime|lang|aria-pressed|hx-.*)$/.test(attribute.name))
        attribute.value = "";
      else if (/^(aria-label|title|alt|placeholder|data-.*)$/.test(attribute.name))
        attribute.value = attribute.value ? "x" : "";
  const root = document.documentElement;
  return {
    language: root.lang,
    headings: document.querySelectorAll("h1").length,
    sideways: root.scrollWidth - root.clientWidth,
    structure: bare.outerHTML,
    scrolls,
  };
}
