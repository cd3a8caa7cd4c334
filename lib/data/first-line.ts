/** What an error says first: native code and interpreters put their stack below it. */
export function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split('\n')[0].trim();
}
