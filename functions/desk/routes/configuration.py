"""How admins describe tickets: fields, forms, statuses, products, categories, what a priority follows from.

Each kind is listed, written and taken away alike, so its endpoints are made of one description.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from functions.desk.schemas import brands, surveys
from functions.desk.schemas import configuration as schemas
from helpdesk import bootstrap
from helpdesk.desk import settings
from helpdesk.desk.model import Category, Desk, Plan, Product
from helpdesk.desk.settings import Kind
from helpdesk.forms.model import FieldDefinition, FormDefinition
from helpdesk.knowledge.model import Section
from helpdesk.people.roles import BUILT_IN, Permission, RoleDefinition
from helpdesk.platform.http import Call, Endpoint, Reply, seen_header
from helpdesk.portal.branding import BRAND_KIND
from helpdesk.portal.brands import Brand
from helpdesk.portal.schemas import BrandIn
from helpdesk.routing.model import GroupAssignment
from helpdesk.surveys.plans import SurveyPlan
from helpdesk.tickets.workflow import PriorityMatrix, StatusDefinition

TAG = "Configuration"
IF_MATCH = {
    "If-Match": 'The version that was seen, as `"3"`; `"0"`: it must be new. Left out: whatever it is now is replaced.'
}


@dataclass(frozen=True, slots=True)
class _Shelf[T]:
    """One kind of settings as the API has it.

    Attributes:
        path: of all of them; where `listed` differs, they are listed there.
        one, all: what operations are called after, as `Field` and `Fields`.
        make: the dataclass that is kept.
        items: all that are listed.
        needs: the permission to change one.
    """

    kind: Kind[T]
    path: str
    one: str
    all: str
    make: type[T]
    body: type[msgspec.Struct]
    out: type[msgspec.Struct]
    listed_as: type[msgspec.Struct]
    items: Callable[[Desk], Iterable[T]]
    listed: str | None = None
    summary: str = ""
    deleted: str = "Tickets that name it keep the name."
    needs: Permission = Permission.CONFIGURE
    fixed: frozenset[str] = frozenset()
    """Ids of what every desk has and nobody can change."""

    def endpoints(self) -> tuple[Endpoint, ...]:
        """List, write, take away."""
        noun = self.kind.noun
        return (
            Endpoint(
                f"GET {self.listed or self.path}",
                name=f"list{self.all}",
                summary=self.summary,
                handle=self._list,
                needs=Permission.READ,
                response=self.listed_as,
                tag=TAG,
            ),
            Endpoint(
                f"PUT {self.path}/{{id}}",
                name=f"save{self.one}",
                summary=f"Add or change a {noun}",
                handle=self._save,
                needs=self.needs,
                body=self.body,
                response=self.out,
                headers=IF_MATCH,
                errors={409: "There are too many already, or it is not at the version in `If-Match`."},
                tag=TAG,
            ),
            Endpoint(
                f"DELETE {self.path}/{{id}}",
                name=f"delete{self.one}",
                summary=f"Take a {noun} away",
                description=self.deleted,
                handle=self._delete,
                needs=self.needs,
                status=204,
                headers=IF_MATCH,
                errors={409: "Something else uses it (`detail` says what), or it is not at the version in `If-Match`."},
                tag=TAG,
            ),
        )

    def _list(self, call: Call) -> Reply:
        del call
        desk = bootstrap.desk()
        return Reply(self.listed_as(items=[self._shown(one, desk) for one in self.items(desk)]))

    def _save(self, call: Call) -> Reply:
        setting_id = call.params["id"]
        written: Mapping[str, Any] = msgspec.to_builtins(call.body)
        value = msgspec.convert({**written, "id": setting_id}, self.make)
        made = bootstrap.configuration().put(self.kind, setting_id, value, seen=seen_header(call))
        desk = bootstrap.desk()
        version = desk.versions.get((self.kind.name, setting_id), 0)
        return Reply(self._shown(made, desk), headers={"etag": f'"{version}"'})

    def _delete(self, call: Call) -> Reply:
        bootstrap.configuration().remove(self.kind, call.params["id"], seen=seen_header(call))
        return Reply()

    def _shown(self, value: T, desk: Desk) -> msgspec.Struct:
        found: dict[str, Any] = msgspec.to_builtins(value)
        if "version" in self.out.__struct_fields__:  # a status that nobody described is at none
            found["version"] = desk.versions.get((self.kind.name, found["id"]), 0)
        if found["id"] in self.fixed:
            found["built_in"] = True
        return msgspec.convert(found, self.out)


def _ordered[T](of: Callable[[Desk], Mapping[str, T]]) -> Callable[[Desk], list[T]]:
    return lambda desk: [
        one for _, one in sorted(of(desk).items(), key=lambda pair: (getattr(pair[1], "order", 0), pair[0]))
    ]


def get_matrix(call: Call) -> Reply:
    """What impact and urgency lead to."""
    del call
    return _matrix_reply(bootstrap.desk().general.priority_matrix)


def save_matrix(call: Call) -> Reply:
    """Changes what impact and urgency lead to."""
    matrix = msgspec.convert(msgspec.to_builtins(call.body), PriorityMatrix)
    bootstrap.configuration().set_matrix(matrix, seen=seen_header(call))
    return _matrix_reply(matrix)


def _matrix_reply(matrix: PriorityMatrix) -> Reply:
    return Reply(msgspec.convert(msgspec.to_builtins(matrix), schemas.PriorityMatrixIO), headers=_general_tag())


def _general_tag() -> dict[str, str]:
    """The version of the desk's own settings, of which these are a part."""
    return {"etag": f'"{bootstrap.desk().versions.get(("general", "desk"), 0)}"'}


def get_unknown_fields(call: Call) -> Reply:
    """What becomes of values under names that no field has."""
    del call
    return Reply(schemas.UnknownFieldsIO(bootstrap.desk().general.unknown_fields), headers=_general_tag())


def save_unknown_fields(call: Call) -> Reply:
    """Changes what becomes of values under names that no field has."""
    body: schemas.UnknownFieldsIO = call.body
    bootstrap.configuration().set_unknown_fields(body.unknown, seen=seen_header(call))
    return Reply(body, headers=_general_tag())


_FIELDS = _Shelf(
    settings.FIELD_KIND,
    "/v1/fields",
    "Field",
    "Fields",
    FieldDefinition,
    schemas.FieldIn,
    schemas.FieldOut,
    schemas.FieldsOut,
    _ordered(lambda desk: desk.fields),
    summary="Fields that tickets can have",
    deleted="Tickets keep its values, which from then on are untyped.",
)
_FORMS = _Shelf(
    settings.FORM_KIND,
    "/v1/forms",
    "Form",
    "Forms",
    FormDefinition,
    schemas.FormIn,
    schemas.FormOut,
    schemas.FormsOut,
    _ordered(lambda desk: desk.forms),
    summary="Forms of requests, and question screens for the phone",
)
_STATUSES = _Shelf(
    settings.STATUS_KIND,
    "/v1/statuses",
    "Status",
    "Statuses",
    StatusDefinition,
    schemas.StatusIn,
    schemas.StatusOut,
    schemas.StatusesOut,
    settings.statuses_of,
    summary="Statuses, and which may follow which",
    deleted="Tickets that stand in it stay there, and count as standing in its base. One of the six loses its names and "
    "limits.",
)
_PRODUCTS = _Shelf(
    settings.PRODUCT_KIND,
    "/v1/products",
    "Product",
    "Products",
    Product,
    schemas.ProductIn,
    schemas.ProductOut,
    schemas.ProductsOut,
    _ordered(lambda desk: desk.products),
    summary="Products that tickets can be about",
)
_CATEGORIES = _Shelf(
    settings.CATEGORY_KIND,
    "/v1/categories",
    "Category",
    "CategorySettings",
    Category,
    schemas.CategoryIn,
    schemas.CategorySettingOut,
    schemas.CategorySettingsOut,
    _ordered(lambda desk: desk.categories),
    listed="/v1/settings/categories",
    summary="Categories in all languages, also those that customers cannot choose",
)

_ASSIGNMENTS = _Shelf(
    settings.ASSIGNMENT_KIND,
    "/v1/assignments",
    "Assignment",
    "Assignments",
    GroupAssignment,
    schemas.AssignmentIn,
    schemas.AssignmentOut,
    schemas.AssignmentsOut,
    _ordered(lambda desk: desk.assignments),
    summary="How groups share their tickets out",
    deleted="The group's tickets go to the least busy again.",
)

_ROLES = _Shelf(
    settings.ROLE_KIND,
    "/v1/roles",
    "Role",
    "Roles",
    RoleDefinition,
    schemas.RoleIn,
    schemas.RoleOut,
    schemas.RolesOut,
    settings.roles_of,
    summary="Roles, what they may and which tickets they see",
    deleted="Only if no colleague has it.",
    needs=Permission.MANAGE_AGENTS,
    fixed=frozenset(BUILT_IN),
)

_PLANS = _Shelf(
    settings.PLAN_KIND,
    "/v1/plans",
    "Plan",
    "Plans",
    Plan,
    schemas.PlanIn,
    schemas.PlanOut,
    schemas.PlansOut,
    _ordered(lambda desk: desk.plans),
    summary="Support plans that organizations can have",
    deleted="Organizations that have it keep its id.",
)

_SECTIONS = _Shelf(
    settings.SECTION_KIND,
    "/v1/sections",
    "Section",
    "Sections",
    Section,
    schemas.SectionIn,
    schemas.SectionOut,
    schemas.SectionsOut,
    _ordered(lambda desk: desk.sections),
    summary="Sections of the help centre",
    deleted="Articles in it stand in none.",
    needs=Permission.PUBLISH_ARTICLES,
)

_SURVEYS = _Shelf(
    settings.SURVEY_KIND,
    "/v1/survey-plans",
    "SurveyPlan",
    "SurveyPlans",
    SurveyPlan,
    surveys.SurveyPlanIn,
    surveys.SurveyPlanOut,
    surveys.SurveyPlansOut,
    _ordered(lambda desk: desk.surveys),
    summary="Who is asked how it went, how often, and what beside it",
    deleted="Surveys that were sent keep their questions.",
)

_BRANDS = _Shelf(
    BRAND_KIND,
    "/v1/brands",
    "Brand",
    "Brands",
    Brand,
    BrandIn,
    brands.BrandOut,
    brands.BrandsOut,
    _ordered(lambda desk: desk.brands),
    summary="Names that the desk answers under",
    deleted="Its mailboxes look as their letterheads say.",
)

ENDPOINTS = (
    *_BRANDS.endpoints(),
    *_SECTIONS.endpoints(),
    *_PLANS.endpoints(),
    *_SURVEYS.endpoints(),
    *_FIELDS.endpoints(),
    *_FORMS.endpoints(),
    *_STATUSES.endpoints(),
    *_PRODUCTS.endpoints(),
    *_CATEGORIES.endpoints(),
    *_ASSIGNMENTS.endpoints(),
    *_ROLES.endpoints(),
    Endpoint(
        "GET /v1/settings/priority-matrix",
        name="getPriorityMatrix",
        summary="The priority that impact and urgency lead to",
        handle=get_matrix,
        needs=Permission.READ,
        response=schemas.PriorityMatrixIO,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/settings/priority-matrix",
        name="savePriorityMatrix",
        summary="Change the priority that impact and urgency lead to",
        handle=save_matrix,
        needs=Permission.CONFIGURE,
        body=schemas.PriorityMatrixIO,
        response=schemas.PriorityMatrixIO,
        headers=IF_MATCH,
        errors={409: "The desk's own settings are not at the version in `If-Match`."},
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/settings/unknown-fields",
        name="getUnknownFields",
        summary="What becomes of values under names that no field has",
        handle=get_unknown_fields,
        needs=Permission.READ,
        response=schemas.UnknownFieldsIO,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/settings/unknown-fields",
        name="saveUnknownFields",
        summary="Keep or refuse values under names that no field has",
        handle=save_unknown_fields,
        needs=Permission.CONFIGURE,
        body=schemas.UnknownFieldsIO,
        response=schemas.UnknownFieldsIO,
        headers=IF_MATCH,
        errors={409: "The desk's own settings are not at the version in `If-Match`."},
        tag=TAG,
    ),
)
