/** What is published: only what users need, in the form that n8n demands of a verified package. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
	name: string;
	version: string;
	license: string;
	keywords: string[];
	dependencies?: object;
	peerDependencies: object;
	n8n: { n8nNodesApiVersion: number; nodes: string[]; credentials: string[] };
	homepage: string;
	repository: { url: string };
};

/** What `npm publish` would send. */
const packed = ((): string[] => {
	const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--loglevel=error'], {
		cwd: ROOT,
		encoding: 'utf8',
		shell: process.platform === 'win32',
	});
	// One list, or by name: npm's versions differ.
	const told = JSON.parse(output) as Record<string, { files: Array<{ path: string }> }>;
	return Object.values(told).flatMap(({ files }) => files.map(({ path }) => path));
})();

const filesIn = (folder: string): string[] =>
	readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));

/** Documents that are read on GitHub or in the package. */
const documents = [
	...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'BENCHMARKS.md'],
	...readdirSync(join(ROOT, 'docs'))
		.filter((file) => file.endsWith('.md'))
		.map((file) => `docs/${file}`),
];

/** As GitHub makes them of headings. */
const anchorsOf = (text: string) =>
	[...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.trim()
			.replaceAll(' ', '-'),
	);

const isThere = (file: string, anchor?: string) =>
	existsSync(join(ROOT, file)) && (anchor === undefined || anchorsOf(read(file)).includes(anchor));

function isPage(homepage: string, url: string): boolean {
	if (!url.startsWith(homepage)) return false;
	const [path = '', anchor] = url.slice(homepage.length).split('#');
	if (path.startsWith('/blob/main/')) return isThere(path.slice('/blob/main/'.length), anchor);
	if (path === '/security/advisories/new') return true;
	return path === '' && (anchor === 'readme' || isThere('README.md', anchor));
}

describe('The package', () => {
	it('holds what n8n loads, the workflows and the extension, and nothing else', () => {
		const isCompiled =
			/^dist\/((credentials|domain|nodes)\/.+\.js|nodes\/.+\.node\.json|icons\/\w+(\.dark)?\.svg)$/;
		expect(packed.filter((file) => !isCompiled.test(file)).sort()).toEqual(
			[
				...['CHANGELOG.md', 'LICENSE', 'README.md', 'index.js', 'package.json'],
				...filesIn('paymenter-extension/N8nWebhooks'),
				...filesIn('workflows'),
			].sort(),
		);
	});

	it('has every node and credential that it names, with an icon and a codex', () => {
		for (const file of [...manifest.n8n.nodes, ...manifest.n8n.credentials]) {
			expect(existsSync(join(ROOT, file.replace(/^dist\//, '').replace(/\.js$/, '.ts')))).toBe(
				true,
			);
		}
		for (const file of manifest.n8n.nodes) {
			const source = file.replace(/^dist\//, '').replace(/\.js$/, '.json');
			const codex = JSON.parse(read(source)) as Record<string, unknown>;
			const name = source.split('/').at(-1)?.split('.')[0] ?? '';
			const id = `${manifest.name}.${name.charAt(0).toLowerCase()}${name.slice(1)}`;
			expect(codex).toMatchObject({ node: id, categories: expect.any(Array) });
			expect((codex.alias as string[]).length).toBeGreaterThan(3);
		}
	});

	it('is what n8n verifies: its keyword, its licence, nothing at run time but n8n', () => {
		expect(manifest.keywords).toContain('n8n-community-node-package');
		expect(manifest.license).toBe('MIT');
		expect(manifest.n8n.n8nNodesApiVersion).toBe(1);
		expect(Object.keys(manifest.dependencies ?? {})).toEqual([]);
		expect(Object.keys(manifest.peerDependencies)).toEqual(['n8n-workflow']);
	});

	it('names one repository everywhere, and pages of it that exist', () => {
		const { homepage, repository } = manifest;
		expect(repository.url).toBe(`git+${homepage}.git`);
		const link = new RegExp(`https://github\\.com/[\\w-]+/${manifest.name}[^\\s'")]*`, 'g');
		const wrong = ['.github', 'credentials', 'nodes', 'paymenter-extension/N8nWebhooks']
			.flatMap(filesIn)
			.flatMap((file) => [...read(file).matchAll(link)].map(([url]) => ({ file, url })))
			.filter(({ url }) => !isPage(homepage, url));
		expect(wrong).toEqual([]);
	});

	it('has its version in the changelog, the README, the lock file and what Docker installs', () => {
		const { version, name } = manifest;
		for (const file of ['docker-compose.yml', 'docker-compose.single.yml']) {
			expect(read(`deploy/${file}`)).toContain(`'[{"name":"${name}","version":"${version}"}]'`);
		}
		expect(read('CHANGELOG.md')).toContain(`## [${version}] - `);
		expect(read('README.md')).toContain(`${name}-${version}.tgz`);
		expect((JSON.parse(read('package-lock.json')) as { version: string }).version).toBe(version);
	});
});

describe('The documents', () => {
	it.each(documents)('%s: every link within this repository leads somewhere', (document) => {
		const text = read(document);
		const broken = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)]
			.map(([, link = '']) => link)
			.filter((link) => {
				const [file = '', anchor] = link.split('#');
				return !isThere(file ? join(dirname(document), file) : document, anchor);
			});
		expect(broken).toEqual([]);
	});

	it.each(documents)('%s: every command of npm is there', (document) => {
		const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
		const named = [...read(document).matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, name]) => name);
		expect(named.filter((name) => !scripts.includes(name ?? ''))).toEqual([]);
	});
});
