import { previewOf } from '../../../../domain/access/preview';
import { ADA, result } from '../../support/work.cjs';

const HAD = [{ server: 'Snowfall', server_id: 'abcd1234', permissions: ['websocket.connect'] }];
const WHO = { customer: 'customer:77', customer_id: '77', customer_email: 'ada@example.com' };

describe('A preview', () => {
	it('says what would change', () => {
		const would = result({ outcome: 'would change', had: HAD, roles: ['subscriber_knight'] });
		const head = { ...WHO, outcome: 'would change', has_access: true };
		expect(previewOf(ADA, would, false)).toEqual({ ...would, ...head, entitlement: ADA });
		expect(previewOf(ADA, would, true)).toEqual({ ...would, ...head });
	});

	it('is brief about those without changes if asked to be', () => {
		const same = result({ outcome: 'unchanged' });
		expect(previewOf(ADA, same, true)).toEqual({ ...WHO, outcome: 'unchanged', has_access: false });
		expect(previewOf(ADA, same, false)).toMatchObject({ plan: [], entitlement: ADA });
		expect(previewOf(ADA, result({ outcome: 'skipped' }), true)).toHaveProperty('summary');
	});

	it('says what failed, and what to do', () => {
		const failure = { outcome: 'failed' as const, error: 'no tier', advice: 'Add it.' };
		const failed = { ...WHO, ...failure, has_access: false };
		expect(previewOf(ADA, failure, true)).toEqual(failed);
		expect(previewOf(ADA, failure, false)).toEqual({ ...failed, entitlement: ADA });
	});
});
