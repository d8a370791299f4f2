/** What changes on the panel in the middle of a run. */
import type { Fault } from '../../simulators/faults.cjs';
import { permissionSeed } from '../../simulators/panel/files.cjs';
import { flavours } from '../../simulators/panel/flavour.cjs';
import type { Set as Stage } from '../../tools/lifecycle/stage.cjs';
import { simulatorOf } from '../e2e/support.cjs';
import type { Case } from './support.faults.cjs';
import { person } from './support.cjs';

const DOOMED = 'Frost Path - Doomed';

/** Nothing is wrong with the call itself; something happens as it arrives. */
const asCallArrives = (method: string, path: RegExp, meanwhile: () => void, skip = 0): Fault => ({
	kind: 'slow',
	ms: 0,
	times: 1,
	method,
	path,
	skip,
	meanwhile,
});

const ROW = /client\/servers\/[\w-]+\/users/;

/**
 * The most telling first.
 * @param stage is asked for when the cases are played
 */
export function midRun(stage: () => Stage): Case[] {
	const panel = () => simulatorOf(stage());
	const alone = (title: string, more: Partial<Case> & { name: string }): Case => ({
		title,
		who: person(more.name),
		before: null,
		deed: { buys: 'knight' },
		faults: [],
		meanwhile: 'told',
		isAlone: true,
		...more,
	});
	const key = (which: 'applicationKey' | 'accountKey', expired: boolean) => () =>
		void panel().control.changeKey(panel()[which], { expired });
	const deleted = person('account deleted');

	return [
		alone('The account key revoked between two rows', {
			name: 'account key',
			faults: [asCallArrives('POST', ROW, key('accountKey', true), 1)],
			mend: key('accountKey', false),
			meanwhile: 'waits',
			words: /account key/,
		}),
		alone('The account deleted by hand between two rows', {
			name: 'account deleted',
			who: deleted,
			faults: [
				asCallArrives(
					'POST',
					ROW,
					() => {
						const { state, control } = panel();
						const { id } = control.user(deleted.email);
						state.users = state.users.filter((user) => user.id !== id);
						state.subusers = state.subusers.filter(({ userId }) => userId !== id);
					},
					1,
				),
			],
			// The panel makes up another, with access on that server, and it is adopted in the same run.
			meanwhile: 'either',
		}),
		alone('A server deleted before its row is made', {
			name: 'server deleted',
			arrange: () => void panel().control.addServer({ name: DOOMED }),
			faults: [
				asCallArrives(
					'POST',
					ROW,
					() => {
						const { state, control } = panel();
						const { id } = control.server(DOOMED);
						state.servers = state.servers.filter((one) => one.id !== id);
					},
					3,
				),
			],
			words: /Doomed: Panel said 404/,
		}),
		alone('The application key revoked before the account is read again', {
			name: 'application key',
			before: 'elemental',
			deed: { upgrades: 'knight' },
			faults: [asCallArrives('GET', /application\/users\/\d+$/, key('applicationKey', true))],
			mend: key('applicationKey', false),
			meanwhile: 'waits',
			words: /application key/,
		}),
	];
}

/** The panel no longer knows a permission; @returns what brings it back */
export function forgotten(permission: string): () => void {
	const [group = '', key = ''] = permission.split('.');
	const keys = permissionSeed[group]?.keys ?? {};
	const { [key]: text = '' } = keys;
	delete keys[key];
	const { permissions } = flavours.pterodactyl;
	permissions.splice(permissions.indexOf(permission), 1);
	return () => {
		keys[key] = text;
		permissions.push(permission);
	};
}
