const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes text for an element or an attribute of XML. */
export const escapeXml = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character]!);
