/** A page of the site: a Markdown file of the repository, and its address without `.md`. */
export interface SitePage {
  readonly file: string;
  readonly route: string;
  readonly title: string;
}

export interface SiteSection {
  readonly title: string;
  readonly pages: readonly SitePage[];
}

const page = (file: string, route: string, title: string): SitePage => ({ file, route, title });
const packagePage = (name: string, title = `@async-http/${name}`): SitePage =>
  page(`packages/${name}/README.md`, `reference/${name}`, title);

/** The site, in the order of its sidebar. */
export const SECTIONS: readonly SiteSection[] = [
  {
    title: 'Start',
    pages: [
      page('README.md', 'get-started', 'Get started'),
      page('docs/comparison.md', 'comparison', 'Comparison'),
      page('docs/costs.md', 'costs', 'What it costs'),
      page('docs/reliability.md', 'reliability', 'Reliability'),
    ],
  },
  {
    title: 'Guides',
    pages: [
      page('docs/webhooks.md', 'webhooks', 'Webhooks'),
      page('docs/job-status.md', 'job-status', 'Ask for a job'),
      page('docs/infrastructure.md', 'infrastructure', 'Infrastructure'),
      page('docs/testing.md', 'testing', 'Testing'),
      page('docs/observability.md', 'observability', 'Observability'),
      page('docs/troubleshooting.md', 'troubleshooting', 'Troubleshooting'),
      page('docs/migration.md', 'migration', 'Migration'),
    ],
  },
  {
    title: 'Reference',
    pages: [
      packagePage('client'),
      packagePage('proxy'),
      packagePage('cdk'),
      packagePage('cli', 'async-http check'),
      packagePage('emulator'),
      packagePage('layer-builder'),
      packagePage('extension'),
      packagePage('create-async-http', 'create-async-http'),
    ],
  },
  {
    title: 'How it works',
    pages: [
      page('ARCHITECTURE.md', 'architecture', 'Architecture'),
      page('docs/dictionary.md', 'dictionary', 'Dictionary'),
      packagePage('bench', 'Benchmark'),
      page('CONTRIBUTING.md', 'contributing', 'Contributing'),
    ],
  },
];

export const HOME = page('packages/docs/home.md', 'index', 'Home');

export const PAGES: readonly SitePage[] = SECTIONS.flatMap(({ pages }) => pages);
