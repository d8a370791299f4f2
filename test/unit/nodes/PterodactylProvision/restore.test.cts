import { failing, provisionOne } from './support/node.cjs';
import {
	AURORA,
	EMBER,
	GLACIER,
	SNOWFALL,
	accessOf,
	usePanel,
	writesTo,
} from './support/panel.cjs';

const panel = usePanel();
const ADA = { id: 77, email: 'ada@example.com', name: 'Ada Lovelace' };
const C = 'websocket.connect';

const idOf = (name: string) => panel.control.server(name).uuid;
const has = () => accessOf(panel, ADA.email);
const buys = (grants: string) => provisionOne(panel, { ...ADA, grants });
const restore = (recorded: Record<string, string[]>, options = {}) =>
	provisionOne(panel, ADA, { operation: 'restore', parameters: { recorded }, options });

describe('Access → Restore', () => {
	it('makes the named servers exactly what was recorded, and leaves the others', async () => {
		await buys('elder');
		const result = await restore({
			[idOf(SNOWFALL)]: [C],
			[idOf(GLACIER)]: [],
			[idOf(EMBER)]: [C, 'control.console'],
		});
		expect(has()).toEqual({
			[SNOWFALL]: [[C]],
			[EMBER]: [['control.console', C]],
			[AURORA]: [['activity.read', 'backup.read', C]],
		});
		expect(result).toMatchObject({ outcome: 'changed', tiers: [] });
		expect(result.summary).toMatch(/^recorded access: /);
		expect(result.changes.map(({ server, before, after }) => [server, before, after])).toEqual(
			expect.arrayContaining([[GLACIER, [C, 'activity.read', 'backup.read'], []]]),
		);
	});

	it('writes nothing a second time', async () => {
		await buys('knight');
		await restore({ [idOf(GLACIER)]: [] });
		const before = writesTo(panel).length;
		expect((await restore({ [idOf(GLACIER)]: [] })).outcome).toBe('unchanged');
		expect(writesTo(panel)).toHaveLength(before);
	});

	it('only says what it would do in a dry run', async () => {
		await buys('knight');
		const before = has();
		const result = await restore({ [idOf(GLACIER)]: [] }, { dryRun: true });
		expect(result).toMatchObject({ outcome: 'would change', changes: [{ server: GLACIER }] });
		expect(has()).toEqual(before);
	});

	it('remembers as ours what it gives back, and forgets what it takes', async () => {
		await buys('knight');
		const id = idOf(SNOWFALL);
		const result = await restore(
			{ [id]: [C, 'file.read'], [idOf(GLACIER)]: [] },
			{ grantedBefore: { [id]: ['activity.read'], [idOf(GLACIER)]: [C] } },
		);
		expect(result.granted).toEqual({ [id]: ['file.read'], [idOf(GLACIER)]: [] });
	});

	it('makes an account again where it was deleted', async () => {
		await restore({ [idOf(AURORA)]: [C] });
		expect(panel.control.user(ADA.email)).toMatchObject({ externalId: 'paymenter-77' });
		expect(has()).toEqual({ [AURORA]: [[C]] });
	});

	it('makes none to give nothing', async () => {
		expect((await restore({ [idOf(AURORA)]: [] })).outcome).toBe('unchanged');
		expect(writesTo(panel)).toEqual([]);
	});

	it('says of a server that is gone that it is gone', async () => {
		await buys('knight');
		expect((await restore({ deadbeef: [C] })).warnings).toEqual([
			'The server deadbeef no longer exists on the panel.',
		]);
	});

	it('refuses what is no record of access', async () => {
		const parameters = { recorded: '["a"]' };
		const result = await failing(panel, ADA, { operation: 'restore', parameters });
		expect(result.error).toContain('"Access to Restore" must be an object');
	});
});

it('What cannot be taken from a closed server stays recorded as granted', async () => {
	const { granted: grantedBefore } = await buys('knight');
	panel.control.serverStatus(SNOWFALL, 'suspended');
	const result = await provisionOne(panel, ADA, {
		operation: 'restore',
		parameters: { recorded: { [idOf(SNOWFALL)]: [] } },
		options: { grantedBefore },
	});
	expect(result.outcome).toBe('blocked');
	expect(result.granted).toEqual(grantedBefore);
});

describe('A customer who is held', () => {
	const HELD = () => ({ heldBecause: 'held by Kim' });

	it('changes nothing, tells the reason, and keeps what was granted', async () => {
		await buys('knight');
		const before = writesTo(panel).length;
		const grantedBefore = { [idOf(SNOWFALL)]: [C] };
		const request = () => ({ ...HELD(), grantedBefore });
		const result = await provisionOne(panel, { ...ADA, grants: '' }, { request });
		expect(result).toMatchObject({
			outcome: 'skipped',
			summary: 'Nothing done: held by Kim.',
			changes: [],
			granted: grantedBefore,
		});
		expect(result.had).toHaveLength(3);
		expect(writesTo(panel)).toHaveLength(before);
	});

	it('is no failure where another customer has the account', async () => {
		panel.control.addUser({ email: ADA.email, username: 'other', externalId: 'paymenter-78' });
		const request = HELD;
		const result = await provisionOne(panel, { ...ADA, grants: 'knight' }, { request });
		expect(result.outcome).toBe('skipped');
	});

	it('makes no account', async () => {
		const request = HELD;
		await provisionOne(panel, { ...ADA, grants: 'knight' }, { request });
		expect(writesTo(panel)).toEqual([]);
	});
});
