package wire

// The operations the checker uses, all of them. A card is selected with its own fields, all that a revision determines,
// and with what its links show; fields that depend on the clock (isOverdue, isStale, ageDays, timeInStageSeconds, timeInStages), and the
// lists of other objects (tasks, participants, links) are left out.

const cardFields = `
fragment Card on Record {
  id number pipelineId stageId rank title description
  value { amount currency } weightedValue { amount currency }
  probability probabilitySource status priority ownerId contactId
  contactName contactEmail contactPhone companyId companyName expectedCloseDate
  currency valueFromItems openTaskCount nextDueAt lineItems { name quantity unitPrice total } lastReassignedAt
  stageEnteredAt closedAt wonAt lostAt lastActivityAt lostReason lostReasonKey
  source sourceDetail copiedFromId channel chatUrl userNs tags customFields externalId
  createdBy { kind id name } updatedBy { kind id name } createdAt updatedAt version
  owner { id name } contact { id fullName } company { id name }
}`

const pipelineFields = `
fragment Line on Pipeline {
  id name description category recordType position isDefault templateKey staleAfterHours requireLostReason version
  stages { id pipelineId name color position defaultProbability kind staleAfterHours requiredFields version }
  createdAt updatedAt
}`

const totalsFields = `
fragment Totals on ColumnTotals { stageId count amounts { currency count amount weighted } }`

// A page of 150 cards keeps the operations within the cost that a request may have.
const boardFields = `
fragment Columns on Board {
  revision
  pipeline { ...Line }
  columns {
    stage { id }
    totals { ...Totals }
    cards(first: 150, after: $cursor) { nodes { ...Card } pageInfo { hasNextPage endCursor } }
  }
}` + cardFields + pipelineFields + totalsFields

// BoardQuery asks for a board at a revision or a time, or as it stands when both are null.
const BoardQuery = `
query Board($pipeline: ID!, $filter: RecordFilter, $at: Revision, $asOf: Time, $cursor: String) {
  board(pipelineId: $pipeline, filter: $filter, at: $at, asOf: $asOf) { ...Columns }
}` + boardFields

// BoardStream watches a board, from a snapshot on or, with `after`, from a revision on.
const BoardStream = `
subscription Board($pipeline: ID!, $filter: RecordFilter, $after: Revision, $cursor: String) {
  board(pipelineId: $pipeline, filter: $filter, after: $after) {
    __typename
    revision
    ... on BoardSnapshot { board { ...Columns } }
    ... on BoardReset { reason }
    ... on BoardCommit {
      clientMutationId
      cards { kind reason recordId record { ...Card } stageId afterRecordId changedFields }
      columns { ...Totals }
      pipeline { ...Line }
    }
  }
}` + boardFields

// ChangesQuery reads a page of the change log.
const ChangesQuery = `
query Changes($after: Revision!) {
  changes(after: $after, first: 100) {
    commits {
      revision at source clientMutationId actor { kind id name }
      changes { revision ordinal kind entity entityId pipelineId before after changed }
    }
    revision hasNextPage head
  }
}`

// ViewerQuery tells who a credential is.
const ViewerQuery = `query Viewer { viewer { kind name permissions member { id } workspace { id defaultCurrency revision } } }`

// PipelineQuery reads a pipeline for a change of it.
const PipelineQuery = `
query Pipeline($id: ID!) {
  pipeline(id: $id) {
    id name version
    stages { id name color kind defaultProbability staleAfterHours requiredFields }
  }
}`

// The commands of the writers. Each answers with the revision, and with what the ledger holds the server to.
const (
	written = ` { revision clientMutationId record { id pipelineId stageId title value { amount currency } priority tags ownerId version } }`

	CreateRecord  = `mutation Create($input: CreateRecordInput!) { result: createRecord(input: $input)` + written + ` }`
	UpdateRecord  = `mutation Update($input: UpdateRecordInput!) { result: updateRecord(input: $input)` + written + ` }`
	AssignRecord  = `mutation Assign($input: AssignRecordInput!) { result: assignRecord(input: $input)` + written + ` }`
	MoveRecord    = `mutation Move($input: MoveRecordInput!) { result: moveRecord(input: $input) { revision clientMutationId afterRecordId beforeRecordId placeFellBack placedBy record { id pipelineId stageId title value { amount currency } priority tags ownerId version } } }`
	DeleteRecord  = `mutation Delete($input: DeleteRecordInput!) { result: deleteRecord(input: $input) { revision clientMutationId deletedId } }`
	UpdateContact = `mutation Contact($input: UpdateContactInput!) { result: updateContact(input: $input) { revision clientMutationId contact { id fullName } } }`

	UpdatePipeline = `mutation Pipeline($input: UpdatePipelineInput!) { result: updatePipeline(input: $input) { revision clientMutationId pipeline { id name stages { id name kind } } } }`
)

// The bulk commands, restoring, and the owner's command about members.
const (
	byRow = ` { revision clientMutationId matched changed failed unchanged results { index id ok error { code message } } } }`

	DeleteRecords  = `mutation DeleteMany($input: DeleteRecordsInput!) { result: deleteRecords(input: $input)` + byRow
	UpdateRecords  = `mutation UpdateMany($input: UpdateRecordsInput!) { result: updateRecords(input: $input)` + byRow
	TagRecords     = `mutation TagMany($input: TagRecordsInput!) { result: tagRecords(input: $input)` + byRow
	RestoreRecords = `mutation RestoreMany($input: RestoreRecordsInput!) { result: restoreRecords(input: $input)` + byRow
	MoveRecords    = `mutation MoveMany($input: MoveRecordsInput!) { result: moveRecords(input: $input) { placeFellBack placedBy revision clientMutationId matched changed failed unchanged results { index id ok error { code message } } } }`

	RestoreRecord = `mutation Restore($input: RestoreRecordInput!) { result: restoreRecord(input: $input)` + written + ` }`

	SetMemberPermissions = `mutation Permit($input: SetMemberPermissionsInput!) { result: setMemberPermissions(input: $input) { revision clientMutationId member { id permissions } } }`
)
