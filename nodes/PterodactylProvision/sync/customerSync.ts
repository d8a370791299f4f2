import type { Result, SyncRequest } from '../../../domain/access/result';
import type { Panel } from '../transport/panelApi';
import type { PanelReader } from '../transport/reader';

/** What the steps of one customer's sync work with. They add to the result what they have done. */
export interface CustomerSync {
	panel: Panel;
	reader: PanelReader;
	request: SyncRequest;
	result: Result;
	/** What is tried at the end, come what may. */
	afterwards: Array<() => Promise<void>>;
}
