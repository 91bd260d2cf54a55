/** examples are operations to begin with: each opens in a tab of its own. */
export const examples = [
  {
    query: `# Who am I, and what may I do?
query Viewer {
  viewer {
    name
    permissions
    workspace {
      name
      timezone
      defaultCurrency
    }
  }
}
`,
  },
  {
    query: `# The open records that are worth most
query TopRecords($first: Int = 10) {
  records(filter: { status: { eq: OPEN } }, orderBy: [{ field: VALUE, direction: DESC }], first: $first) {
    totalCount
    nodes {
      number
      title
      value {
        amount
        currency
      }
      stage {
        name
      }
      owner {
        name
      }
    }
  }
}
`,
    variables: '{\n  "first": 10\n}',
  },
  {
    query: `# All pipelines with their stages and what they come to
query Pipelines {
  pipelines {
    id
    name
    stages {
      id
      name
      kind
    }
    summary {
      open
      won
      lost
      winRate
    }
  }
}
`,
  },
  {
    query: `# A rehearsal: what would be made, without making it
mutation Rehearse($input: CreateRecordInput!) @dryRun {
  createRecord(input: $input) {
    record {
      title
      probability
      stage {
        name
      }
    }
  }
}
`,
    variables: '{\n  "input": {\n    "title": "Only an idea"\n  }\n}',
  },
  {
    query: `# Every change of the workspace, as it happens
subscription Changes {
  changes {
    revision
    ... on ChangeCommit {
      at
      actor {
        name
      }
      changes {
        kind
        entityId
        changed
      }
    }
  }
}
`,
  },
];
