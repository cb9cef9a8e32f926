import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProject } from '../../src/project/read-project.ts';
import { projectFolder } from './project-folder.ts';

const read = (name: string, text: string, files: Readonly<Record<string, string>> = {}) => {
  const folder = projectFolder({ 'app.js': 'exports.handler = () => {};', ...files, [name]: text });
  return readProject(join(folder, name), { env: {}, allowUnusable: true });
};

const serverless = (lines: string) =>
  read('serverless.yml', `provider: { name: aws, runtime: nodejs24.x }\n${lines}`);

const FUNCTION = 'functions: { app: { handler: app.handler } }';

describe('what a project file declares', () => {
  it('is without the defaults of a local run', () => {
    const [app] = serverless(FUNCTION).declarations().functions;
    expect(app).toMatchObject({
      name: 'app',
      runtime: 'nodejs24.x',
      timeoutSeconds: undefined,
      memoryMiB: undefined,
    });
  });

  it('includes functions that cannot run here', () => {
    const { declarations, unusable } = serverless(
      'functions: { app: { handler: app.handler, runtime: python3.13 } }',
    );
    expect([unusable.length, declarations().functions[0]?.runtime]).toEqual([1, 'python3.13']);
  });

  it('includes layers whose file is missing, and those that nobody declares', () => {
    const { declarations } = serverless(`layers: { ours: { package: { artifact: ours.zip } } }
functions: { app: { handler: app.handler, layers: [!Ref OursLambdaLayer, !Ref OtherLambdaLayer] } }`);
    const { functions, layerNames } = declarations();
    expect(functions[0]?.layers.map(({ reference, kind }) => [reference, kind])).toEqual([
      ['OursLambdaLayer', 'here'],
      ['OtherLambdaLayer', 'undeclared'],
    ]);
    expect(layerNames).toEqual(['OursLambdaLayer']);
  });

  it('knows no variable that only the deployment knows', () => {
    const { declarations } = read(
      'template.yaml',
      `Parameters: { Secret: { Type: String } }
Resources:
  Queue: { Type: AWS::SQS::Queue }
  App:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: app.handler
      Environment:
        Variables:
          GIVEN: !Ref Secret
          IMPORTED: !ImportValue other
          NOWHERE: !GetAtt Topic.Arn
          HERE: !GetAtt Queue.QueueName`,
    );
    expect(declarations().functions[0]?.environment).toEqual({
      GIVEN: { value: undefined, undeclared: [] },
      IMPORTED: { value: undefined, undeclared: [] },
      NOWHERE: { value: undefined, undeclared: ['Topic'] },
      HERE: { value: 'Queue', undeclared: [] },
    });
  });

  const permissionsOf = (role: string) =>
    read(
      'serverless.yml',
      `provider: { name: aws, runtime: nodejs24.x, iam: { role: ${role} } }\n${FUNCTION}`,
    ).declarations().functions[0]?.permissions;

  it('has what the role allows', () => {
    const statement = '{ Effect: Allow, Action: "sqs:SendMessage", Resource: "*" }';
    expect(permissionsOf(`{ statements: [${statement}] }`)).toEqual({
      allowed: [{ actions: ['sqs:SendMessage'], resources: ['*'] }],
      isComplete: true,
    });
  });

  it('says that a role of another project is not known', () => {
    expect(permissionsOf('arn:aws:iam::123456789012:role/ours')).toEqual({
      allowed: [],
      isComplete: false,
    });
  });

  it('is read only when somebody asks, so that a local run needs no secret of the role', () => {
    const { warnings } = read(
      'serverless.yml',
      `provider: { name: aws, runtime: nodejs24.x, iam: { role: '\${ssm:/role}' } }\n${FUNCTION}`,
    );
    expect(warnings).toEqual([]);
  });
});

it('a project without a function that can run is an error, unless that is allowed', () => {
  const folder = projectFolder({
    'serverless.yml': 'provider: { name: aws }\nfunctions: { app: { handler: gone.handler } }',
  });
  expect(() => readProject(join(folder, 'serverless.yml'))).toThrow(
    expect.objectContaining({ code: 'ASYNC_HTTP_EMULATOR_HANDLER_NOT_FOUND' }),
  );
  expect(readProject(join(folder, 'serverless.yml'), { allowUnusable: true }).functions).toEqual(
    [],
  );
});
