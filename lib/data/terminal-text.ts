/**
 * Text from elsewhere as it may stand on a terminal: what would move the cursor, change colours or
 * titles, or turn the direction of reading is written out as \u escapes. Line breaks stay.
 */
export function terminalText(text: string): string {
  return text.replace(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
