package row

import (
	"strings"
	"time"
)

// Contact is a person.
type Contact struct {
	ID          string     `json:"id"`
	Number      int        `json:"number"`
	FirstName   string     `json:"first_name"`
	LastName    string     `json:"last_name"`
	Emails      []string   `json:"emails"`
	Phones      []string   `json:"phones"`
	JobTitle    *string    `json:"job_title"`
	CompanyID   *string    `json:"company_id"`
	CompanyName *string    `json:"company_name"`
	Description *string    `json:"description"`
	OwnerID     *string    `json:"owner_id"`
	UserNs      *string    `json:"user_ns"`
	ExternalID  *string    `json:"external_id"`
	Source      string     `json:"source"`
	CreatedAt   time.Time  `json:"created_at"`
	UpdatedAt   time.Time  `json:"updated_at"`
	DeletedAt   *time.Time `json:"deleted_at"`
	Version     int        `json:"version"`

	SortName string `json:"-"`
	// Owner, where the reader knew it.
	Owner *Member `json:"-"`
	// Company, where the reader knew it.
	Company *Company `json:"-"`
}

// ContactColumns are the columns of Dest, in its order.
var ContactColumns = cols(`id number first_name last_name emails phones job_title company_id company_name description owner_id
	user_ns external_id source created_at updated_at deleted_at version sort_name`)

// Dest gives what to scan ContactColumns into.
func (c *Contact) Dest() []any {
	return []any{&c.ID, &c.Number, &c.FirstName, &c.LastName, (*Strings)(&c.Emails), (*Strings)(&c.Phones), &c.JobTitle, &c.CompanyID, &c.CompanyName,
		&c.Description, &c.OwnerID, &c.UserNs, &c.ExternalID, &c.Source, utc{&c.CreatedAt}, utc{&c.UpdatedAt},
		utcPtr{&c.DeletedAt}, &c.Version, &c.SortName}
}

// IsNode marks an object with a global id.
func (Contact) IsNode() {}

// FullName is first and last name.
func (c *Contact) FullName() string { return strings.TrimSpace(c.FirstName + " " + c.LastName) }
