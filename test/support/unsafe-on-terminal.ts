/** Characters that no output may have, except for line breaks: a terminal obeys them, or reorders text by them. */
export const UNSAFE_ON_TERMINAL = /(?!\n)[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\ufeff]/u;
