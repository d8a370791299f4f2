import { untilEnded } from '../../../tools/command.cjs';

const never = new Promise<never>(() => undefined);

describe('A command', () => {
	it('cleans up when it has ended, the last first', async () => {
		const done: string[] = [];
		const code = await untilEnded(async ({ atEnd }) => {
			atEnd(() => void done.push('folder'));
			atEnd(async () => void done.push('n8n'));
			return 1;
		});
		expect([code, ...done]).toEqual([1, 'n8n', 'folder']);
	});

	it('cleans up when it fails', async () => {
		const undo = jest.fn();
		const failing = untilEnded(async ({ atEnd }) => {
			atEnd(undo);
			throw new Error('no n8n');
		});
		await expect(failing).rejects.toThrow('no n8n');
		expect(undo).toHaveBeenCalledTimes(1);
	});

	it.each([
		['SIGINT', 130],
		['SIGTERM', 143],
		['SIGHUP', 129],
	] as const)(
		'cleans up once on %s, to the end, and tells nothing of what fails',
		async (signal, code) => {
			const done: string[] = [];
			const ended = untilEnded(async ({ atEnd, isStopped }) => {
				atEnd(async () => {
					process.emit(signal, signal);
					await new Promise(setImmediate);
					done.push(`stopped: ${isStopped()}`);
				});
				await new Promise(setImmediate);
				process.emit(signal, signal);
				process.emit(signal, signal);
				await new Promise(setImmediate);
				throw new Error('n8n is gone');
			});
			expect(await ended).toBe(code);
			expect(done).toEqual(['stopped: true']);
		},
	);

	it('is stopped where it waits for nothing any more', async () => {
		const ended = untilEnded(async () => await never);
		process.emit('SIGINT', 'SIGINT');
		expect(await ended).toBe(130);
	});
});
