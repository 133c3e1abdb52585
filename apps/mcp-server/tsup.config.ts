import { application } from '../../tsup.base.ts';

export default application({ entry: { index: 'src/index.ts' } });
