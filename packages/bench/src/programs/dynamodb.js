// DynamoDB in a separate process; it sends its address to its parent.
import dynalite from 'dynalite';

const server = dynalite({ createTableMs: 0 });
server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
