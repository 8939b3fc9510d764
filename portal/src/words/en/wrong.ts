// What is wrong with a field is said by the API itself, in English: here is nothing to say it by.
export const wrong: Readonly<Record<string, string>> = {};
