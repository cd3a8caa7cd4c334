import highlight from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import typescript from 'highlight.js/lib/languages/typescript';
import { escapeMarkup } from '../../figure/escape';

highlight.registerLanguage('bash', bash);
highlight.registerLanguage('json', json);
highlight.registerLanguage('python', python);
highlight.registerLanguage('typescript', typescript);

/** Code as HTML, coloured where the language is known. */
export function highlightCode(code: string, language: string | undefined): string {
  return language !== undefined && highlight.getLanguage(language)
    ? highlight.highlight(code, { language }).value
    : escapeMarkup(code);
}
