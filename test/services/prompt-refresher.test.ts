import { MarkSet } from '../../src/services/mark-set';
import { PromptRefresher } from '../../src/services/prompt-refresher';

function marksOf(...shopIds: readonly number[]): MarkSet {
  const marks = new MarkSet();
  for (const shopId of shopIds) marks.addBuyer(shopId, 7);
  return marks;
}

const unheard = (error: unknown): void => {
  throw error;
};

describe('after a write', () => {
  afterEach(() => jest.useRealTimers());

  it('the shops that it marked are refreshed, and none where it marked nothing', async () => {
    const asked: unknown[] = [];
    const rollups = {
      refresh(...call: readonly unknown[]) {
        asked.push(call);
        return Promise.resolve(1);
      },
    };
    const refresher = new PromptRefresher(rollups, unheard);
    await refresher.refresh(1, marksOf());
    await refresher.refresh(1, marksOf(3, 5, 3));
    expect(asked).toEqual([[1, [3, 5]]]);
  });

  it('nobody waits for ever while others are worked off, and what fails later is heard all the same', async () => {
    jest.useFakeTimers();
    const heard: unknown[] = [];
    let fail: ((error: Error) => void) | undefined;
    const rollups = { refresh: () => new Promise<number>((_resolve, reject) => (fail = reject)) };
    const answered = new PromptRefresher(rollups, (error) => heard.push(error)).refresh(1, marksOf(3));
    await jest.advanceTimersByTimeAsync(60_000);
    await answered;
    fail?.(new Error('late'));
    await jest.advanceTimersByTimeAsync(0);
    expect(heard).toEqual([new Error('late')]);
  });
});
