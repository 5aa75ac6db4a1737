/** Where a notification about an order leads. */
export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return <h1>Order {id}</h1>
}
