import type { Panel } from '../../simulators/panel/server.cjs';
import { startPanel } from '../../simulators/panel/server.cjs';
import type { Exchange } from './replay.cjs';
import type { Recorded } from './replay.cjs';
import { comparable, comparableHeaders, recordedNumbers, recording, replay } from './replay.cjs';
import { pelicanScenes } from './pelicanScenes.cjs';
import type { Keys, Scene, Step } from './scenes.cjs';
import { notReplayed, scenes as pterodactylScenes } from './scenes.cjs';

const scenes = [...pterodactylScenes, ...pelicanScenes];

/** A key for every placeholder in the recordings. */
function makeKeys(panel: Panel): Keys {
	const wrongSecret = (key: string) => `${key.slice(0, 16)}${'x'.repeat(32)}`;
	const add = panel.control.addKey;
	return {
		'application-key': panel.applicationKey,
		'client-key': panel.accountKey,
		'client-key of a non-admin': add({ kind: 'account', user: 'bob' }).token,
		'second client-key of the same admin': add({ kind: 'account', user: 'admin' }).token,
		'application-key owned by a non-admin': add({ kind: 'application', user: 'bob' }).token,
		'application-key with users=read only': add({
			kind: 'application',
			user: 'admin',
			rights: { users: 'read' },
		}).token,
		'application-key with no permissions': add({
			kind: 'application',
			user: 'admin',
			rights: {},
		}).token,
		'client-key allowed from other addresses only': add({
			kind: 'account',
			user: 'admin',
			allowedIps: ['10.9.8.7', '10.0.0.0/24'],
		}).token,
		'unknown key': `ptla_${'u'.repeat(43)}`,
		garbage: 'garbage',
		'wrong secret': wrongSecret(panel.applicationKey),
		'wrong client secret': wrongSecret(panel.accountKey),
	};
}

/** The recorded panel is of 2024: other limits, and none on new subusers. */
const startRecorded = async (options: Scene['options']): Promise<Panel> =>
	await startPanel({
		rateLimits: { application: 240, client: 720 },
		subuserLimit: 0,
		...options,
	});

const shown = (answer: Exchange, panel: Panel, loose: string[] = []) => ({
	status: answer.status,
	headers: comparableHeaders(answer.headers),
	body: comparable(answer.body, panel.url, loose),
});

describe.each(scenes.filter((scene) => !scene.parallel))('$name', (scene: Scene) => {
	let panel: Panel;
	let keys: Keys;

	beforeAll(async () => {
		panel = await startRecorded(scene.options);
		keys = scene.of === 'pelican' ? {} : makeKeys(panel);
		await scene.setup?.(panel, keys);
	});

	afterAll(() => panel.close());

	it.each(
		scene.steps.map((step) => ({ ...step, title: recording(step.number, scene.of).description })),
	)('[$number] $title', async ({ number, before, after, loose }: Step) => {
		await before?.(panel, keys);
		const wanted = recording(number, scene.of);
		const given = await replay(panel, keys, wanted);
		expect(shown(given, panel, loose)).toEqual(shown(wanted.response, panel, loose));
		after?.(panel);
	});
});

describe.each(scenes.filter((scene) => scene.parallel))('$name', (scene: Scene) => {
	it('answers as the panel did when all arrive together', async () => {
		const panel = await startRecorded(scene.options);
		const keys = makeKeys(panel);
		await scene.setup?.(panel, keys);
		panel.control.settings({ windowMs: 200 });
		const wanted = scene.steps.map((step) => recording(step.number));
		const [{ loose } = { loose: [] }] = scene.steps;
		const { total, successes } = scene.parallel ?? { total: 0, successes: [0, 0] };
		const sent = Array.from({ length: total }, (_, index) => wanted[index] ?? wanted[0]);
		const answers = await Promise.all(
			sent.flatMap((one) => (one ? [replay(panel, keys, one)] : [])),
		);
		await panel.close();
		const recorded = wanted.map((one) => shown(one.response, panel, loose));
		expect(answers).toHaveLength(total);
		for (const answer of answers) {
			expect(recorded).toContainEqual(shown(answer, panel, loose));
		}
		const succeeded = answers.filter((answer) => answer.status < 300).length;
		expect(succeeded).toBeGreaterThanOrEqual(successes[0]);
		expect(succeeded).toBeLessThanOrEqual(successes[1]);
	});
});

describe('The recordings', () => {
	it.each<[Recorded, Scene[]]>([
		['panel', pterodactylScenes],
		['pelican', pelicanScenes],
	])('of a %s are all replayed, or it is said why not', (of, its) => {
		const replayed = its.flatMap((scene) => scene.steps.map((step) => step.number));
		const left = of === 'panel' ? Object.keys(notReplayed) : [];
		expect([...replayed, ...left].sort()).toEqual(recordedNumbers(of).sort());
	});
});
