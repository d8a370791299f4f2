import type { Call } from './call.cjs';
import { PanelError, crash, refused } from './errors.cjs';
import type { Wings } from './state.cjs';
import { newUuid } from './state.cjs';

const unreachable = () =>
	refused(
		'Could not establish a connection to the machine running this server. Please try again.',
		'DaemonConnectionException',
		504,
	);

const failing = (status: number) =>
	refused(
		'There was an error while communicating with the machine running this server. ' +
			'This error has been logged, please try again. ' +
			`(code: ${status}) (request_id: ${newUuid()})`,
		'DaemonConnectionException',
		status,
	);

const unknownServer = () =>
	refused(
		`An error occurred on the remote host: forced by wings-mode.json. (request id: ${newUuid()})`,
		'DaemonConnectionException',
		404,
	);

/** Pelican passes on what its HTTP client throws, which tells nobody anything. */
const unexplained = ({ mode }: Wings): PanelError =>
	crash(mode === '500' || mode === '404' ? 'RequestException' : 'ConnectionException');

/**
 * Asks Wings. `run` is what Wings then does: also when it answers too late, so a 504 does not
 * mean that nothing happened [405]. Throws what the panel makes of Wings' answer.
 */
export async function askWings(call: Call, run: () => void = () => {}): Promise<void> {
	const { flavour, wings } = call.state;
	try {
		await ask(call, run);
	} catch (error) {
		throw flavour.explainsWings || !(error instanceof PanelError) ? error : unexplained(wings);
	}
}

async function ask(call: Call, run: () => void): Promise<void> {
	const { mode, slowMs, timeoutMs } = call.state.wings;
	const tooLate = mode === 'hang' || (mode === 'slow' && slowMs >= timeoutMs);
	if (mode === 'down') throw unreachable();
	if (tooLate) {
		run();
		await call.sleep(timeoutMs);
		throw unreachable();
	}
	if (mode === 'slow') await call.sleep(slowMs);
	if (mode === '500') throw failing(500);
	if (mode === '404') throw unknownServer();
	run();
}

/** Tells Wings and carries on whatever it says. */
export async function tellWings(call: Call): Promise<void> {
	await askWings(call).catch(() => undefined);
}
