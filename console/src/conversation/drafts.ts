/** What is being written in place of a question, by its turn: whoever looks at another conversation meanwhile finds it again. */

export const drafts = new Map<string, string>();
