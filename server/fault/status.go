package fault

import "net/http"

// statuses are the HTTP statuses of codes (spec integration, section 4); a code that is not here is the caller's
var statuses = map[Code]int{
	Unauthenticated: 401, InvalidAPIKey: 401, SessionExpired: 401, OTPInvalid: 401, EmbedTokenInvalid: 401,
	EmbedTokenExpired: 401,
	Forbidden:         403, ScopeMissing: 403, NotEligible: 403, OutsideSchedule: 403, EmbedDisabled: 403,
	LimitExceeded: 403,
	NotFoundCode:  404, ContactNotFound: 404, InvitationInvalid: 404,
	Conflict: 409, Duplicate: 409, StageNotEmpty: 409, PipelineNotEmpty: 409, LastOpenStage: 409,
	LastPipeline: 409, NoPipeline: 409, JobRunning: 409, OwnerEmailMissing: 409,
	CursorExpired: 410,
	InvalidPhone:  422, InvalidEmail: 422, StageNotInPipeline: 422, StageRequirements: 422, ProbabilityFixed: 422,
	PartnerKeyInvalid: 422,
	RateLimited:       429,
	Internal:          500, Upstream: 503, Overloaded: 503,
}

// Status gives the HTTP status of a code (spec integration, section 4).
func Status(c Code) int {
	if s := statuses[c]; s != 0 {
		return s
	}
	return http.StatusBadRequest
}
