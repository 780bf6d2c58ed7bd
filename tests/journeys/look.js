// What a page is, for test_every_page.py. Judged by its structure: texts count as being there or
// not, addresses and values not at all, so that pages of one shape are judged once.
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
  for (const element of bare.querySelectorAll("*"))
    for (const attribute of element.attributes)
      if (/^(href|src|action|value|nonce|content|datetime|hx-.*)$/.test(attribute.name))
        attribute.value = "";
  const root = document.documentElement;
  return {
    language: root.lang,
    headings: document.querySelectorAll("h1").length,
    sideways: root.scrollWidth - root.clientWidth,
    structure: `${bare.outerHTML} ${scrolls}`,
  };
}
