// Words around every page.
export const app = {
  skip: "Skip to main content",
  signOut: "Sign out",
  links: "Main",
  support: (contract: string) => `Support for ${contract}:`,
};
