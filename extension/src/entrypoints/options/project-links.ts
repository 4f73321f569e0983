/** Where the project is: its documentation, and the form for reports. Nothing else names the address. */
const REPOSITORY = 'https://github.com/swipenet/swipenet';

/** What the extension does and what can be set. */
export const HELP_URL = `${REPOSITORY}/blob/main/docs/extension.md`;

/** What is sent and what is kept. */
export const PRIVACY_URL = `${REPOSITORY}/blob/main/docs/privacy.md`;

/** The issue form about a page, `.github/ISSUE_TEMPLATE/page.yml`. A query parameter fills the field of its name. */
export const REPORT_FORM_URL = `${REPOSITORY}/issues/new?template=page.yml`;
