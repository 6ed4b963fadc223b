'use strict';
// Filters what is shown. Without this script everything is shown.
const box = document.getElementById('filter');
const field = document.getElementById('search');
const told = document.getElementById('found');
const kinds = [...box.querySelectorAll('input[name=confidence]')];
const states = [...box.querySelectorAll('input[name=state]')];
const files = [...document.querySelectorAll('details.file')].map(file => ({
  file,
  wasOpen: false,
  text: file.textContent.toLowerCase(),
  name: file.querySelector('h4').textContent.toLowerCase(),
  findings: [...file.querySelectorAll('.findings > li')].map(item => ({
    item, kind: item.dataset.confidence, text: item.textContent.toLowerCase(),
  })),
}));
const models = [...document.querySelectorAll('.conversions > tbody')].map(model => ({
  model, state: model.dataset.state, text: model.textContent.toLowerCase(),
}));

let isSearching = false;

const wanted = boxes => new Set(boxes.filter(each => each.checked).map(each => each.value));

function applyToFiles(words) {
  const confidences = wanted(kinds);
  const isFiltered = words.length > 0 || confidences.size < kinds.length;
  const searchedBefore = isSearching;
  isSearching = words.length > 0;
  let shown = 0;
  for (const each of files) {
    const {file, text, name, findings} = each;
    let any = false;
    for (const {item, kind, text: said} of findings) {
      const fits = confidences.has(kind) && words.every(word => said.includes(word) || name.includes(word));
      item.hidden = !fits;
      any = any || fits;
    }
    const inText = words.length > 0 && confidences.size === kinds.length && words.every(word => text.includes(word));
    file.hidden = isFiltered && !any && !inText;
    if (isSearching) {
      each.wasOpen = searchedBefore ? each.wasOpen : file.open;
      file.open = any;
    } else if (searchedBefore) {
      file.open = each.wasOpen;
    }
    shown += file.hidden ? 0 : 1;
  }
  for (const section of document.querySelectorAll('section.project:not(.converted)')) {
    section.hidden = isFiltered && !section.querySelector('details.file:not([hidden])');
  }
  return isFiltered ? [`${shown} of ${files.length} files`] : [];
}

function applyToModels(words) {
  const verdicts = wanted(states);
  const isFiltered = words.length > 0 || verdicts.size < states.length;
  let shown = 0;
  for (const {model, state, text} of models) {
    model.hidden = !verdicts.has(state) || !words.every(word => text.includes(word));
    shown += model.hidden ? 0 : 1;
  }
  for (const section of document.querySelectorAll('section.converted')) {
    section.hidden = isFiltered && !section.querySelector('.conversions > tbody:not([hidden])');
  }
  return isFiltered && models.length > 0 ? [`${shown} of ${models.length} models`] : [];
}

function apply() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  told.textContent = [...applyToFiles(words), ...applyToModels(words)].join(', ');
}

box.hidden = false;
box.addEventListener('input', apply);
box.addEventListener('reset', () => setTimeout(apply));
box.addEventListener('submit', event => event.preventDefault());
document.addEventListener('click', event => {
  const link = event.target.closest('a[href^="#"]');
  // A link to what is filtered out would lead nowhere.
  if (link && document.getElementById(link.hash.slice(1))?.closest('[hidden]')) {
    box.reset();
    apply();
  }
});
document.addEventListener('keydown', event => {
  if (event.key === '/' && !event.ctrlKey && !event.metaKey && document.activeElement !== field) {
    event.preventDefault();
    field.focus();
  } else if (event.key === 'Escape' && document.activeElement === field) {
    box.reset();
  }
});
