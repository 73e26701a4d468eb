"""机构与人员: units, the people, and who holds which post. What the permission administrator keeps."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry

from app.graphql.context import Info
from app.graphql.mutations.payloads import Payload, changed
from app.graphql.performing import key_of, mutation, optional_key_of, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound
from app.graphql.units import Person, Post, Unit, UnitContact
from app.identity import service
from app.identity.rules import ContactKind, LeaderSystem, PostCapacity, Subordination, UnitKind

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."


@strawberry.interface(description="A payload whose changed object is a unit.")
class UnitPayload(Payload):
    unit: Unit | None = changed(description="The unit.")


@strawberry.interface(description="A payload whose changed object is a post.")
class PostPayload(Payload):
    post: Post | None = changed(description="The post.")


@strawberry.interface(description="A payload whose changed object is a contact of a unit.")
class UnitContactPayload(Payload):
    contact: UnitContact | None = changed(description="The contact.")


@strawberry.input(description="A new unit.")
class RegisterUnitInput:
    kind: UnitKind = strawberry.field(description="Kind (单位类别).")
    subordination: Subordination = strawberry.field(
        description="Whose unit it is (隶属关系): decides whether it can be called to a talk or criticised."
    )
    name: str = strawberry.field(description="Its full name; no other unit has it.")
    short_name: str | None = strawberry.field(default=None, description="Its short name (简称).")
    parent: strawberry.ID | None = strawberry.field(default=None, description="The unit above it.")
    valid_from: date = strawberry.field(description="Its first day.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A unit's new name.")
class RenameUnitInput:
    unit: strawberry.ID = strawberry.field(description="The unit.")
    name: str = strawberry.field(description="Its new full name.")
    short_name: str | None = strawberry.field(default=None, description="Its new short name; null: none.")
    valid_from: date = strawberry.field(description="The first day of the name; not after today.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A unit that ceases to be.")
class CloseUnitInput:
    unit: strawberry.ID = strawberry.field(description="The unit.")
    last_day: date = strawberry.field(description="Its last day; afterwards nothing is dispatched to it.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A person; posts, an account and roles are given afterwards.")
class RegisterPersonInput:
    name: str = strawberry.field(description="Name; two people may have the same.")
    system: LeaderSystem | None = strawberry.field(default=None, description="The leading body of a leader.")
    chief: bool = strawberry.field(default=False, description="Whether a leader is the first of that body (主要领导).")
    portfolio: str | None = strawberry.field(default=None, description="What a leader is in charge of (分管).")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A post that a person takes up (任职).")
class AppointToPostInput:
    person: strawberry.ID = strawberry.field(description="Who.")
    unit: strawberry.ID = strawberry.field(description="Where.")
    post: str = strawberry.field(description="The post (职务).")
    capacity: PostCapacity = strawberry.field(
        description="How it is held; AUTHORISED needs a basis and an end within 30 days."
    )
    valid_from: date = strawberry.field(description="The first day.")
    valid_until: date | None = strawberry.field(default=None, description="The last day, where it is known.")
    basis: str | None = strawberry.field(default=None, description="On what it rests: a document number (依据).")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)

    def command(self) -> service.HoldPost:
        return service.HoldPost(
            person_id=key_of("person", self.person, "person"),
            unit_id=key_of("unit", self.unit, "unit"),
            post=self.post,
            capacity=self.capacity,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            basis=self.basis,
        )


@strawberry.input(description="A post that ends (免职), or ends earlier than was known.")
class EndPostInput:
    post: strawberry.ID = strawberry.field(description="The post as held.")
    last_day: date = strawberry.field(description="Its last day.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="Whom to reach in a unit (联系人).")
class NameUnitContactInput:
    unit: strawberry.ID = strawberry.field(description="The unit.")
    person: strawberry.ID = strawberry.field(description="Who; somebody with a post there.")
    kind: ContactKind = strawberry.field(description="For what: notices go to HANDLER and LIAISON.")
    phone: str | None = strawberry.field(default=None, description="Telephone, up to 40 characters.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A contact that ends.")
class RemoveUnitContactInput:
    contact: strawberry.ID = strawberry.field(description="The contact.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.type(description="The new unit.")
class RegisterUnitPayload(UnitPayload):
    pass


@strawberry.type(description="The unit under its new name.")
class RenameUnitPayload(UnitPayload):
    pass


@strawberry.type(description="The unit with its last day.")
class CloseUnitPayload(UnitPayload):
    pass


@strawberry.type(description="The new person.")
class RegisterPersonPayload(Payload):
    person: Person | None = changed(description="The person.")


@strawberry.type(description="The post as held.")
class AppointToPostPayload(PostPayload):
    pass


@strawberry.type(description="The post with its last day.")
class EndPostPayload(PostPayload):
    pass


@strawberry.type(description="The contact as named.")
class NameUnitContactPayload(UnitContactPayload):
    pass


@strawberry.type(description="The contact as ended.")
class RemoveUnitContactPayload(UnitContactPayload):
    pass


RegisterUnitResult: TypeAlias = Annotated[
    RegisterUnitPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("RegisterUnitResult")
]
RenameUnitResult: TypeAlias = Annotated[
    RenameUnitPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("RenameUnitResult")
]
CloseUnitResult: TypeAlias = Annotated[
    CloseUnitPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("CloseUnitResult")
]
RegisterPersonResult: TypeAlias = Annotated[
    RegisterPersonPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("RegisterPersonResult")
]
AppointToPostResult: TypeAlias = Annotated[
    AppointToPostPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("AppointToPostResult")
]
EndPostResult: TypeAlias = Annotated[
    EndPostPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("EndPostResult")
]

NameUnitContactResult: TypeAlias = Annotated[
    NameUnitContactPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("NameUnitContactResult")
]
RemoveUnitContactResult: TypeAlias = Annotated[
    RemoveUnitContactPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("RemoveUnitContactResult"),
]


@strawberry.type
class UnitMutations:
    @mutation("Register a unit (登记单位).", "unit.create", "第二条")
    async def register_unit(self, info: Info, input: RegisterUnitInput) -> RegisterUnitResult:
        command = service.CreateUnit(
            kind=input.kind,
            subordination=input.subordination,
            name=input.name,
            valid_from=input.valid_from,
            short_name=input.short_name,
            parent_id=optional_key_of("unit", input.parent, "parent"),
        )
        return RegisterUnitPayload(done=await perform(info, "registerUnit", service.create_unit, command, input))

    @mutation("Give a unit a new name from a day on (更改单位名称).", "unit.rename", "第二条")
    async def rename_unit(self, info: Info, input: RenameUnitInput) -> RenameUnitResult:
        key = key_of("unit", input.unit, "unit")
        command = service.RenameUnit(key, input.name, input.valid_from, input.short_name)
        return RenameUnitPayload(done=await perform(info, "renameUnit", service.rename_unit, command, input))

    @mutation("Record the last day of a unit (单位撤销).", "unit.close", "第二条")
    async def close_unit(self, info: Info, input: CloseUnitInput) -> CloseUnitResult:
        command = service.CloseUnit(key_of("unit", input.unit, "unit"), input.last_day)
        return CloseUnitPayload(done=await perform(info, "closeUnit", service.close_unit, command, input))

    @mutation("Register a person (登记人员).", "person.create", "第二条")
    async def register_person(self, info: Info, input: RegisterPersonInput) -> RegisterPersonResult:
        command = service.CreatePerson(input.name, input.system, input.chief, input.portfolio)
        return RegisterPersonPayload(done=await perform(info, "registerPerson", service.create_person, command, input))

    @mutation("Record that a person holds a post (登记任职). It gives no role.", "post.hold", "第二十条")
    async def appoint_to_post(self, info: Info, input: AppointToPostInput) -> AppointToPostResult:
        return AppointToPostPayload(
            done=await perform(info, "appointToPost", service.hold_post, input.command(), input)
        )

    @mutation("Record the last day of a post (登记免职). It takes no role.", "post.end", "第二十条")
    async def end_post(self, info: Info, input: EndPostInput) -> EndPostResult:
        command = service.EndPost(key_of("post", input.post, "post"), input.last_day)
        return EndPostPayload(done=await perform(info, "endPost", service.end_post, command, input))

    @mutation("Name a contact of a unit, or his new telephone (指定联系人).", "contact.name", "第四条")
    async def name_unit_contact(self, info: Info, input: NameUnitContactInput) -> NameUnitContactResult:
        unit, person = key_of("unit", input.unit, "unit"), key_of("person", input.person, "person")
        command = service.NameContact(unit, person, input.kind, input.phone)
        return NameUnitContactPayload(done=await perform(info, "nameUnitContact", service.name_contact, command, input))

    @mutation("End a contact of a unit (取消联系人).", "contact.remove", "第四条")
    async def remove_unit_contact(self, info: Info, input: RemoveUnitContactInput) -> RemoveUnitContactResult:
        key = key_of("contact", input.contact, "contact")
        return RemoveUnitContactPayload(
            done=await perform(info, "removeUnitContact", service.remove_contact, key, input)
        )
