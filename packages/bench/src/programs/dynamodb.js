// DynamoDB in a process of its own; it tells its parent where it listens.
import dynalite from 'dynalite';

const server = dynalite({ createTableMs: 0 });
server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
